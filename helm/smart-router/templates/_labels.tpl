{{/* Labels that a selector holds. Argument: {root, component}. They never change, since selectors cannot. */}}
{{- define "smart-router.selector-labels" -}}
app.kubernetes.io/name: {{ include "smart-router.chart-name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* Labels of an object. Argument: {root, component, app}. `app` is what the commands of the docs select by. */}}
{{- define "smart-router.labels" -}}
{{- $chart := printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
{{- $own := dict
      "app.kubernetes.io/version" .root.Chart.AppVersion
      "app.kubernetes.io/part-of" "smart-router"
      "app.kubernetes.io/managed-by" .root.Release.Service
      "helm.sh/chart" $chart -}}
{{- if .app }}{{ $_ := set $own "app" .app }}{{ end -}}
{{- merge (include "smart-router.selector-labels" . | fromYaml) $own (deepCopy .root.Values.commonLabels) | toYaml -}}
{{- end -}}

{{/*
Labels of a pod. Argument: {root, component, app, values}. Those that change with each release of the chart are not among
them, since they would restart it.
*/}}
{{- define "smart-router.pod-labels" -}}
{{- $own := dict "app.kubernetes.io/part-of" "smart-router" -}}
{{- if .app }}{{ $_ := set $own "app" .app }}{{ end -}}
{{- $given := merge (deepCopy (default dict .values.podLabels)) (deepCopy .root.Values.commonLabels) -}}
{{- merge (include "smart-router.selector-labels" . | fromYaml) $own $given | toYaml -}}
{{- end -}}
