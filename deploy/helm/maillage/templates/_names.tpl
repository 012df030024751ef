{{- define "maillage.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The services, in the one order that everything is rendered in. */}}
{{- define "maillage.services" -}}
activities staffing finance partners notifications
{{- end -}}

{{/* What selectors use and nothing else: (dict "root" $ "service" … "command" …); without a command: the whole service. */}}
{{- define "maillage.selector" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .service }}
maillage.org/service: {{ . }}
{{- end }}
{{- with .command }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{- define "maillage.labels" -}}
{{ include "maillage.selector" . }}
app.kubernetes.io/part-of: maillage
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* (dict "root" $ "name" "finance" "digest" "sha256:…") */}}
{{- define "maillage.image" -}}
{{- $values := .root.Values -}}
{{- $registry := default $values.image.registry (default (dict) $values.global).imageRegistry -}}
{{- $repository := printf "%s/%s" $values.image.prefix .name -}}
{{- if $registry }}{{ $repository = printf "%s/%s" (trimSuffix "/" $registry) $repository }}{{ end -}}
{{- if .digest -}}
{{ $repository }}@{{ .digest }}
{{- else -}}
{{ $repository }}:{{ default .root.Chart.AppVersion $values.image.tag }}
{{- end -}}
{{- end -}}

{{- define "maillage.pullSecrets" -}}
{{- $secrets := default .root.Values.image.pullSecrets (default (dict) .root.Values.global).imagePullSecrets -}}
{{- with $secrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ if kindIs "map" . }}{{ .name }}{{ else }}{{ . }}{{ end }}
{{- end }}
{{- end }}
{{- end -}}
