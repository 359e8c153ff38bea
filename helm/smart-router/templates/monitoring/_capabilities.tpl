{{/* Not empty where objects of the Prometheus Operator are made. */}}
{{- define "smart-router.has-prometheus-operator" -}}
{{- if or .Values.metrics.force (.Capabilities.APIVersions.Has "monitoring.coreos.com/v1") }}yes{{ end -}}
{{- end -}}

{{/* Not empty where an HTTPRoute is made. */}}
{{- define "smart-router.has-gateway-api" -}}
{{- if or .Values.httpRoute.force (.Capabilities.APIVersions.Has "gateway.networking.k8s.io/v1") }}yes{{ end -}}
{{- end -}}

{{/* How an endpoint is read. Argument: `metrics.serviceMonitor`. */}}
{{- define "smart-router.endpoint" -}}
path: /metrics
interval: {{ .interval }}
scrapeTimeout: {{ .scrapeTimeout }}
{{- with .metricRelabelings }}
metricRelabelings:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
