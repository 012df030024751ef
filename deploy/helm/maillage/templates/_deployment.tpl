{{/* One command of one service: (dict "root" $ "service" … "command" …). */}}
{{- define "maillage.deployment" -}}
{{- $root := .root -}}
{{- $process := fromYaml (include "maillage.process" .) -}}
{{- $isPortal := eq .service "portal" -}}
{{- $purpose := ternary "worker" .command (has .command (list "worker" "consumer")) -}}
{{- /* Invariants go over all associations: only the auditor sees so much. */}}
{{- $purposes := ternary (list $purpose "auditor") (list $purpose) (eq .command "worker") -}}
{{- $kafkaSources := include "maillage.kafkaSources" (dict "root" $root "services" (list .service)) | trim -}}
{{- $name := printf "%s-%s%s" (include "maillage.fullname" $root) .service (ternary "" (printf "-%s" .command) $isPortal) -}}
{{- $journalClaim := ternary $root.Values.erasures.existingClaim "" (and (eq .service "activities") (eq .command "worker")) -}}
{{- $part := ternary $root.Values.portal (index $root.Values.services .service) $isPortal -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels:
    {{- include "maillage.labels" . | nindent 4 }}
spec:
  {{- if not (include "maillage.isScaled" $process) }}
  replicas: {{ int64 $process.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  strategy:
    type: RollingUpdate
    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }
  selector:
    matchLabels:
      {{- include "maillage.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "maillage.labels" . | nindent 8 }}
        {{- with $process.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        checksum/settings: {{ include "maillage.settings" . | sha256sum }}
        {{- with $process.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "maillage.fullname" $root }}-{{ .service }}
      {{- include "maillage.podRules" (dict "root" $root "process" $process) | nindent 6 }}
      terminationGracePeriodSeconds: {{ include "maillage.gracePeriod" $process }}
      {{- $selector := include "maillage.selector" . }}
      {{- with $process.topologyKeys }}
      topologySpreadConstraints:
        {{- range . }}
        - maxSkew: 1
          topologyKey: {{ . }}
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- $selector | nindent 14 }}
          matchLabelKeys: [pod-template-hash]
        {{- end }}
      {{- end }}
      {{- $image := include "maillage.image" (dict "root" $root "name" .service "digest" (default (dict) $part.image).digest) }}
      {{- if and (not $isPortal) (ne $root.Values.migrations.mode "hook") }}
      initContainers:
        # Until the schema is the one that this code needs, or a newer one.
        - name: schema
          image: {{ $image }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          args: ["{{ .service }}.run_migrations", "--wait"]
          {{- with $process.securityContext }}
          securityContext:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          env:
            {{- include "maillage.databaseVariables" (dict "root" $root "service" .service "purposes" (list $purpose)) | nindent 12 }}
          {{- with $process.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          volumeMounts:
            - name: temporary
              mountPath: /tmp
            {{- with $process.extraVolumeMounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
      {{- end }}
      containers:
        - name: {{ .command }}
          image: {{ $image }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          args: ["{{ .service }}.run_{{ .command }}"]
          {{- with $process.securityContext }}
          securityContext:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          ports:
            - name: http
              containerPort: 8000
          envFrom:
            - configMapRef:
                name: {{ include "maillage.fullname" $root }}-{{ .service }}
            {{- with $process.extraEnvFrom }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          env:
            - name: MALLOC_ARENA_MAX
              value: "1"
            - name: OTEL_SERVICE_NAME
              value: {{ .service }}
            - name: POD_NAME
              valueFrom: { fieldRef: { fieldPath: metadata.name } }
            {{- if not $isPortal }}
            - name: {{ upper .service }}_DATABASE_CONNECTIONS_MAX
              value: {{ int64 $process.databaseConnectionsMax | quote }}
            {{- include "maillage.databaseVariables" (dict "root" $root "service" .service "purposes" $purposes) | nindent 12 }}
            {{- end }}
            {{- if $journalClaim }}
            - name: ACTIVITIES_ERASURES_JOURNAL_PATH
              value: /journal/erasures.jsonl
            {{- end }}
            {{- with include "maillage.otherSecretVariables" . }}
            {{- . | nindent 12 }}
            {{- end }}
            {{- with $process.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          startupProbe:
            httpGet: { path: /health/live, port: http }
            {{- toYaml $process.probes.startup | nindent 12 }}
          livenessProbe:
            httpGet: { path: /health/live, port: http }
            {{- toYaml $process.probes.liveness | nindent 12 }}
          readinessProbe:
            httpGet: { path: /health/ready, port: http }
            {{- toYaml $process.probes.readiness | nindent 12 }}
          {{- if int64 $process.shutdown.preStopSeconds }}
          lifecycle:
            preStop:
              sleep: { seconds: {{ int64 $process.shutdown.preStopSeconds }} }
          {{- end }}
          {{- with $process.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          volumeMounts:
            - name: temporary
              mountPath: /tmp
            {{- if $kafkaSources }}
            - name: kafka
              mountPath: /etc/maillage/kafka
              readOnly: true
            {{- end }}
            {{- if $journalClaim }}
            - name: erasures
              mountPath: /journal
            {{- end }}
            {{- with $process.extraVolumeMounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
      volumes:
        - name: temporary
          emptyDir: { sizeLimit: 64Mi }
        {{- with $kafkaSources }}
        - name: kafka
          projected:
            defaultMode: 0440
            sources:
              {{- . | nindent 14 }}
        {{- end }}
        {{- with $journalClaim }}
        - name: erasures
          persistentVolumeClaim:
            claimName: {{ . }}
        {{- end }}
        {{- with $process.extraVolumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
{{- end -}}
