{{/* An image as `repository:tag` or `repository@digest`. Argument: {image, tag: the default}. */}}
{{- define "smart-router.image" -}}
{{- if .image.digest -}}
{{- printf "%s@%s" .image.repository .image.digest -}}
{{- else -}}
{{- printf "%s:%s" .image.repository (default .tag .image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "smart-router.own-image" -}}
{{- include "smart-router.image" (dict "image" .Values.image "tag" .Chart.AppVersion) -}}
{{- end -}}

{{/* Security of a pod or a container. Argument: {base, own}; what is null is left out. */}}
{{- define "smart-router.security" -}}
{{- $merged := mergeOverwrite (deepCopy .base) (default dict .own) -}}
{{- $kept := dict -}}
{{- range $name, $value := $merged -}}
{{- if not (kindIs "invalid" $value) }}{{- $_ := set $kept $name $value -}}{{ end -}}
{{- end -}}
{{- toYaml $kept -}}
{{- end -}}

{{/* What all pods have in common. Argument: {root, component, values, grace}. */}}
{{- define "smart-router.pod-common" -}}
enableServiceLinks: false
securityContext:
  {{- include "smart-router.security" (dict "base" .root.Values.podSecurityContext "own" .values.podSecurityContext) | nindent 2 }}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .grace }}
terminationGracePeriodSeconds: {{ int . }}
{{- end }}
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Spread over zones and machines, or as the values say. Argument: {root, component, values}. */}}
{{- define "smart-router.spread" -}}
{{- $zones := dict "maxSkew" 1 "topologyKey" "topology.kubernetes.io/zone" "whenUnsatisfiable" "ScheduleAnyway" -}}
{{- $machines := dict "maxSkew" 1 "topologyKey" "kubernetes.io/hostname" "whenUnsatisfiable" "ScheduleAnyway" -}}
{{- $selector := dict "matchLabels" (include "smart-router.selector-labels" . | fromYaml) -}}
topologySpreadConstraints:
{{- range default (list $zones $machines) .values.topologySpreadConstraints }}
  {{- list (merge (deepCopy .) (dict "labelSelector" $selector)) | toYaml | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Security of a container. Argument: {root, values}. */}}
{{- define "smart-router.container-security" -}}
{{- include "smart-router.security" (dict "base" .root.Values.securityContext "own" .values.securityContext) -}}
{{- end -}}

{{/* A PodDisruptionBudget, where more than one pod runs. Argument: {root, component, app, name, values, replicas}. */}}
{{- define "smart-router.disruption-budget" -}}
{{- if and .values.podDisruptionBudget.enabled (gt (int .replicas) 1) }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  namespace: {{ default .root.Release.Namespace .namespace }}
  labels:
    {{- include "smart-router.labels" . | nindent 4 }}
spec:
  maxUnavailable: {{ .values.podDisruptionBudget.maxUnavailable }}
  selector:
    matchLabels:
      {{- include "smart-router.selector-labels" . | nindent 6 }}
{{- end }}
{{- end -}}
