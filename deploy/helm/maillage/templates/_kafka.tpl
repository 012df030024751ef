{{/* The account of a service or the portal at Kafka: (dict "root" $ "service" …). Its name is that of its Secret, unless said. */}}
{{- define "maillage.kafkaUser" -}}
{{- $part := .root.Values.portal -}}
{{- if ne .service "portal" }}{{ $part = index .root.Values.services .service }}{{ end -}}
{{- $user := mustMergeOverwrite (deepCopy .root.Values.kafka.user) (deepCopy (default (dict) $part.kafkaUser)) -}}
{{- if and (hasPrefix "SASL_" .root.Values.kafka.securityProtocol) (not $user.existingSecret) -}}
{{- fail (printf "kafka.user.existingSecret: name the Secret with the password of %s at Kafka, here or in its own kafkaUser" .service) -}}
{{- end -}}
{{- toYaml (set $user "name" (default $user.existingSecret $user.name)) -}}
{{- end -}}

{{/* How a service or the portal shows itself: "password", "certificate" or nothing. */}}
{{- define "maillage.kafkaProof" -}}
{{- $protocol := .root.Values.kafka.securityProtocol -}}
{{- if hasPrefix "SASL_" $protocol -}}password
{{- else if and (eq $protocol "SSL") (fromYaml (include "maillage.kafkaUser" .)).existingSecret -}}certificate
{{- end -}}
{{- end -}}

{{- define "maillage.hasKafkaAuthority" -}}
{{- if and .Values.kafka.authority.existingSecret (hasSuffix "SSL" .Values.kafka.securityProtocol) }}true{{ end -}}
{{- end -}}

{{/* Settings: (dict "root" $ "service" …). */}}
{{- define "maillage.kafkaSettings" -}}
{{- $prefix := upper .service -}}
{{- $kafka := .root.Values.kafka -}}
{{- $proof := include "maillage.kafkaProof" . -}}
{{ $prefix }}_KAFKA_BOOTSTRAP_SERVERS: {{ required "kafka.bootstrapServers: say where Kafka is, host:port separated by commas" $kafka.bootstrapServers | quote }}
{{ $prefix }}_KAFKA_SECURITY_PROTOCOL: {{ $kafka.securityProtocol | quote }}
{{- if eq $proof "password" }}
{{ $prefix }}_KAFKA_SASL_MECHANISM: {{ $kafka.saslMechanism | quote }}
{{ $prefix }}_KAFKA_USERNAME: {{ (fromYaml (include "maillage.kafkaUser" .)).name | quote }}
{{ $prefix }}_KAFKA_PASSWORD_FILE: /etc/maillage/kafka/{{ .service }}/password
{{- else if eq $proof "certificate" }}
{{ $prefix }}_KAFKA_CERTIFICATE_FILE: /etc/maillage/kafka/{{ .service }}/user.crt
{{ $prefix }}_KAFKA_KEY_FILE: /etc/maillage/kafka/{{ .service }}/user.key
{{- end }}
{{- if include "maillage.hasKafkaAuthority" .root }}
{{ $prefix }}_KAFKA_CA_FILE: /etc/maillage/kafka/ca.crt
{{- end }}
{{- end -}}

{{/* What is mounted at /etc/maillage/kafka, as sources of a projected volume; nothing where Kafka asks for nothing: (dict "root" $ "services" (list …)). */}}
{{- define "maillage.kafkaSources" -}}
{{- $root := .root -}}
{{- if include "maillage.hasKafkaAuthority" $root }}
- secret:
    name: {{ $root.Values.kafka.authority.existingSecret }}
    items: [{ key: {{ $root.Values.kafka.authority.key }}, path: ca.crt }]
{{- end }}
{{- range $service := .services }}
{{- $proof := include "maillage.kafkaProof" (dict "root" $root "service" $service) }}
{{- $user := fromYaml (include "maillage.kafkaUser" (dict "root" $root "service" $service)) }}
{{- if eq $proof "password" }}
- secret:
    name: {{ $user.existingSecret }}
    items: [{ key: {{ $user.passwordKey }}, path: {{ $service }}/password }]
{{- else if eq $proof "certificate" }}
- secret:
    name: {{ $user.existingSecret }}
    items:
      - { key: {{ $user.certificateKey }}, path: {{ $service }}/user.crt }
      - { key: {{ $user.privateKeyKey }}, path: {{ $service }}/user.key }
{{- end }}
{{- end }}
{{- end -}}
