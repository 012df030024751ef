{{/* The merged values of one process: (dict "root" $ "service" "finance" "command" "api"). Nothing here changes .Values. */}}
{{- define "maillage.process" -}}
{{- $values := .root.Values -}}
{{- $process := deepCopy $values.defaults.process -}}
{{- if eq .service "portal" -}}
{{- $process = mustMergeOverwrite $process (deepCopy $values.defaults.api) (deepCopy $values.portal.process) -}}
{{- else -}}
{{- $service := index $values.services .service -}}
{{- $process = mustMergeOverwrite $process (deepCopy (default (dict) (index $values.defaults .command))) (deepCopy (default (dict) $service.process)) (deepCopy (default (dict) (index $service .command))) -}}
{{- end -}}
{{- toYaml $process -}}
{{- end -}}

{{/* Whether something else than this chart decides on the number of replicas: "true" or nothing. */}}
{{- define "maillage.isScaled" -}}
{{- if or (dig "autoscaling" "enabled" false .) (dig "keda" "enabled" false .) }}true{{ end -}}
{{- end -}}

{{/* The fewest replicas that there may be of a process. */}}
{{- define "maillage.replicasMin" -}}
{{- if dig "autoscaling" "enabled" false . -}}{{ .autoscaling.minReplicas }}
{{- else if dig "keda" "enabled" false . -}}{{ .keda.minReplicas }}
{{- else -}}{{ .replicas }}{{- end -}}
{{- end -}}

{{- define "maillage.replicasMax" -}}
{{- if dig "autoscaling" "enabled" false . -}}{{ .autoscaling.maxReplicas }}
{{- else if dig "keda" "enabled" false . -}}{{ .keda.maxReplicas }}
{{- else -}}{{ .replicas }}{{- end -}}
{{- end -}}

{{- define "maillage.gracePeriod" -}}
{{ add .shutdown.preStopSeconds .shutdown.stopSeconds .shutdown.marginSeconds }}
{{- end -}}

{{/* Settings that are no secrets, as environment variables: (dict "root" $ "service" …). */}}
{{- define "maillage.settings" -}}
{{- $values := .root.Values -}}
{{- $prefix := upper .service -}}
{{ $prefix }}_HTTP_HOST: "0.0.0.0"
{{ $prefix }}_HTTP_PORT: "8000"
{{ $prefix }}_LOG_LEVEL: {{ $values.logLevel | quote }}
{{ include "maillage.kafkaSettings" . }}
{{ $prefix }}_TOKEN_ISSUER: {{ required "signIn.issuer: say which OpenID Connect provider signs people in" $values.signIn.issuer | quote }}
{{ $prefix }}_TOKEN_AUDIENCE: {{ $values.signIn.audience | quote }}
{{- with $values.monitoring.tracesEndpoint }}
OTEL_EXPORTER_OTLP_ENDPOINT: {{ . | quote }}
{{- end }}
{{- if eq .service "portal" }}
PORTAL_PUBLIC_URLS: {{ required "publicUrls: say under which address people reach the portal" (join "," $values.publicUrls) | quote }}
{{- with $values.ownHosts }}
{{- $own := list }}{{ range $host, $slug := . }}{{ $own = append $own (printf "%s=%s" $host $slug) }}{{ end }}
PORTAL_OWN_HOSTS: {{ join "," $own | quote }}
{{- end }}
PORTAL_CLIENT_ID: {{ $values.signIn.clientId | quote }}
{{- $fullname := include "maillage.fullname" .root }}
{{- range splitList " " (include "maillage.services" .root) }}
PORTAL_{{ upper . }}_URL: "http://{{ $fullname }}-{{ . }}"
{{- end }}
{{- else }}
{{ $prefix }}_TOKEN_KEYS_URL: {{ $values.signIn.keysUrl | quote }}
{{ $prefix }}_KAFKA_TOPIC_PARTITIONS: {{ int64 $values.kafka.topicPartitions | quote }}
{{ $prefix }}_KAFKA_TOPIC_REPLICAS: {{ int64 $values.kafka.topicReplicas | quote }}
{{ $prefix }}_KAFKA_SESSION_TIMEOUT_MS: {{ int64 $values.kafka.sessionTimeoutMilliseconds | quote }}
{{ $prefix }}_REQUESTS_PER_MINUTE_MAX: {{ int64 $values.requestsPerMinuteMax | quote }}
{{- end }}
{{- if eq .service "notifications" }}
NOTIFICATIONS_SMTP_HOST: {{ required "mail.host: say through which mail server people are written to" $values.mail.host | quote }}
NOTIFICATIONS_SMTP_PORT: {{ int64 $values.mail.port | quote }}
NOTIFICATIONS_SMTP_STARTTLS: {{ $values.mail.starttls | quote }}
NOTIFICATIONS_MAIL_FROM: {{ required "mail.from: say who the e-mails come from, Name <address>" $values.mail.from | quote }}
NOTIFICATIONS_MAILS_PER_SECOND_MAX: {{ $values.mail.perSecondMax | quote }}
NOTIFICATIONS_PUBLIC_URL: {{ first $values.publicUrls | default "" | quote }}
{{- end }}
{{- end -}}

{{/* The addresses of databases that a process may know: (dict "root" $ "service" … "purposes" (list "api")). */}}
{{- define "maillage.databaseVariables" -}}
{{- $service := index .root.Values.services .service -}}
{{- $root := .root -}}
{{- $prefix := upper .service -}}
{{- range .purposes }}
- name: {{ $prefix }}_{{ upper . }}_DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ required (printf "services.%s.database.existingSecret: name the Secret with its database addresses" (lower $prefix)) $service.database.existingSecret }}
      key: {{ index $root.Values.databaseKeys . }}
{{- end }}
{{- end -}}

{{/* Secrets of the mail server and of the portal's client. */}}
{{- define "maillage.otherSecretVariables" -}}
{{- $mail := .root.Values.mail.existingSecret -}}
{{- $client := .root.Values.signIn.existingSecret -}}
{{- if and (eq .service "notifications") $mail.name }}
- name: NOTIFICATIONS_SMTP_USERNAME
  valueFrom: { secretKeyRef: { name: {{ $mail.name }}, key: {{ $mail.usernameKey }} } }
- name: NOTIFICATIONS_SMTP_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ $mail.name }}, key: {{ $mail.passwordKey }} } }
{{- end }}
{{- if and (eq .service "portal") $client.name }}
- name: PORTAL_CLIENT_SECRET
  valueFrom: { secretKeyRef: { name: {{ $client.name }}, key: {{ $client.key }} } }
{{- end }}
{{- end -}}

{{/* The settings as inline variables, for hooks: they must not need an object of the release. */}}
{{- define "maillage.inlineSettings" -}}
{{- range $name, $value := fromYaml (include "maillage.settings" .) }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{/* The rules of a Pod that every one of them keeps: (dict "root" $ "process" <merged>). */}}
{{- define "maillage.podRules" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .process.podSecurityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- include "maillage.pullSecrets" . }}
{{- with .process.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .process.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .process.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .process.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}

{{/* A Job that runs one module and ends: (dict "root" $ "process" … "module" … "image" … "arguments" … "variables" <yaml> "resources" … "services" <those at Kafka> "claim" <mounted at /backups>). */}}
{{- define "maillage.jobPod" -}}
{{- $kafkaSources := include "maillage.kafkaSources" (dict "root" .root "services" (default (list) .services)) | trim -}}
{{- if not .services }}{{ $kafkaSources = "" }}{{ end -}}
restartPolicy: Never
{{ include "maillage.podRules" . }}
containers:
  - name: {{ .name }}
    image: {{ .image }}
    imagePullPolicy: {{ .root.Values.image.pullPolicy }}
    args: {{ toJson .arguments }}
    {{- with .process.securityContext }}
    securityContext:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    env:
      {{- .variables | nindent 6 }}
      {{- with .process.extraEnv }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- with .process.extraEnvFrom }}
    envFrom:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    resources:
      {{- toYaml .resources | nindent 6 }}
    volumeMounts:
      - name: temporary
        mountPath: /tmp
      {{- if $kafkaSources }}
      - name: kafka
        mountPath: /etc/maillage/kafka
        readOnly: true
      {{- end }}
      {{- if .claim }}
      - name: backups
        mountPath: /backups
      {{- end }}
      {{- with .process.extraVolumeMounts }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
volumes:
  - name: temporary
    emptyDir: { sizeLimit: 64Mi }
  {{- with $kafkaSources }}
  - name: kafka
    projected:
      defaultMode: 0440
      sources:
        {{- . | nindent 8 }}
  {{- end }}
  {{- with .claim }}
  - name: backups
    persistentVolumeClaim:
      claimName: {{ . }}
  {{- end }}
  {{- with .process.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}
