{{/* How many connections all processes together may open to PostgreSQL. An api has two pools, of the two drivers. */}}
{{- define "maillage.connectionsMax" -}}
{{- $sum := 0 -}}
{{- range $service := splitList " " (include "maillage.services" .) -}}
{{- range $command := list "api" "consumer" "worker" -}}
{{- $process := fromYaml (include "maillage.process" (dict "root" $ "service" $service "command" $command)) -}}
{{- $pools := ternary 2 1 (eq $command "api") -}}
{{- $sum = add $sum (mul $pools (int64 $process.databaseConnectionsMax) (int64 (include "maillage.replicasMax" $process))) -}}
{{- end -}}
{{- $relay := fromYaml (include "maillage.process" (dict "root" $ "service" $service "command" "relay")) -}}
{{- $sum = add $sum (mul 2 (int64 $relay.replicas)) -}}
{{- end -}}
{{- $sum -}}
{{- end -}}
