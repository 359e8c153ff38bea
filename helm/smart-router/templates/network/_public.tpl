{{/* Where what is public leads: nginx, or the API without it. As JSON: {name, port, paths}. */}}
{{- define "smart-router.public" -}}
{{- if .Values.router.enabled -}}
{{- dict "name" .Values.router.name "port" (int .Values.router.service.port) "paths" (list "/") | toJson -}}
{{- else -}}
{{- $prefix := include "smart-router.setting" (dict "root" . "name" "WEBHOOK_PREFIX" "default" "/agent/voice/breeze-buddy") -}}
{{- dict "name" (include "smart-router.name" .) "port" 8080 "paths" (list $prefix "/api/v1/twilio" "/api/v1/plivo" "/api/v1/exotel") | toJson -}}
{{- end -}}
{{- end -}}
