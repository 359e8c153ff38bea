{{/* Pods of a component of this release, as a peer. Argument: {root, component}. */}}
{{- define "smart-router.peer" -}}
- podSelector:
    matchLabels:
      {{- include "smart-router.selector-labels" . | nindent 6 }}
{{- end -}}

{{/* The voice agents as a peer: by their labels, or their namespace where the selector is more than `a=b,c=d`. */}}
{{- define "smart-router.agents-peer" -}}
{{- $selector := include "smart-router.pod-selector" . -}}
- namespaceSelector:
    matchLabels: { kubernetes.io/metadata.name: {{ include "smart-router.agents-namespace" . }} }
{{- if regexMatch "^[^=!,() ]+=[^=!,() ]+(,[^=!,() ]+=[^=!,() ]+)*$" $selector }}
  podSelector:
    matchLabels:
      {{- range splitList "," $selector }}
      {{- $parts := splitList "=" . }}
      {{ index $parts 0 }}: {{ index $parts 1 | quote }}
      {{- end }}
{{- end }}
{{- end -}}

{{/* The head of a policy for a component. Argument: {root, component, name}. */}}
{{- define "smart-router.policy-head" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "smart-router.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "smart-router.selector-labels" . | nindent 6 }}
{{- end -}}

{{/* A rule that lets peers in. Argument: {from: a list, empty for everybody; port}. */}}
{{- define "smart-router.from" -}}
- ports: [{ port: {{ .port }} }]
  {{- with .from }}
  from:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* A rule that lets connections out. Argument: {to: a list, empty for everywhere; ports; protocols}. */}}
{{- define "smart-router.to" -}}
{{- $ports := .ports -}}
- ports:
    {{- range $protocol := default (list "TCP") .protocols }}
    {{- range $ports }}
    - { protocol: {{ $protocol }}, port: {{ int . }} }
    {{- end }}
    {{- end }}
  {{- with .to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* What API and workers may reach. Argument: {root, leads}. */}}
{{- define "smart-router.product-egress" -}}
{{- $egress := .root.Values.networkPolicy.egress -}}
{{- include "smart-router.to" (dict "to" $egress.dnsTo "ports" (list 53) "protocols" (list "UDP" "TCP")) }}
{{- if .root.Values.redis.enabled }}
- ports: [{ port: 6379 }]
  to:
    {{- include "smart-router.peer" (dict "root" .root "component" "redis") | nindent 4 }}
{{- else }}
{{ include "smart-router.to" (dict "to" $egress.redisTo "ports" $egress.redisPorts) }}
{{- end }}
{{- if .leads }}
{{ include "smart-router.to" (dict "to" $egress.kubernetesTo "ports" $egress.kubernetesPorts) }}
{{- end }}
{{- with $egress.extra }}
{{ toYaml . }}
{{- end }}
{{- end -}}
