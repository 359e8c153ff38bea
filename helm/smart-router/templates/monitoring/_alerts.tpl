{{/* The groups of files/alerts, with the changes of the values. Their texts hold templates of Prometheus, so `tpl` may not see them. */}}
{{- define "smart-router.alert-groups" -}}
{{- $groups := list -}}
{{- range $path, $_ := .Files.Glob "files/alerts/*.yaml" -}}
{{- range ($.Files.Get $path | fromYaml).groups -}}
{{- $rules := list -}}
{{- range .rules -}}
{{- $rule := include "smart-router.alert" (dict "root" $ "rule" .) -}}
{{- if $rule }}{{ $rules = append $rules ($rule | fromYaml) }}{{ end -}}
{{- end -}}
{{- if $rules }}{{ $groups = append $groups (set (deepCopy .) "rules" $rules) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- toYaml $groups -}}
{{- end -}}

{{/* One alert, or nothing where it is off. Argument: {root, rule}. An expression holds its threshold as `> <threshold>`. */}}
{{- define "smart-router.alert" -}}
{{- $alerts := .root.Values.alerts -}}
{{- $change := default dict (index $alerts.rules .rule.alert) -}}
{{- if ne (toString $change.enabled) "false" -}}
{{- $rule := deepCopy .rule -}}
{{- with $change.for }}{{ $_ := set $rule "for" . }}{{ end -}}
{{- $labels := merge (deepCopy $rule.labels) $alerts.alertLabels -}}
{{- with $change.severity }}{{ $_ := set $labels "severity" . }}{{ end -}}
{{- $_ := set $rule "labels" $labels -}}
{{- $annotations := $rule.annotations -}}
{{- with $alerts.runbookBaseUrl }}{{ $_ := set $annotations "runbook_url" (printf "%s/%s" (trimSuffix "/" .) $annotations.runbook_url) }}{{ end -}}
{{- if hasKey $change "threshold" -}}
{{- if not $annotations.threshold }}{{ fail (printf "alerts.rules.%s.threshold: this alert has no threshold. Take the key away." .rule.alert) }}{{ end -}}
{{- $threshold := include "smart-router.text" $change.threshold -}}
{{- $_ := set $rule "expr" (replace (printf "> %s" $annotations.threshold) (printf "> %s" $threshold) $rule.expr) -}}
{{- $_ := set $annotations "threshold" $threshold -}}
{{- end -}}
{{- toYaml $rule -}}
{{- end -}}
{{- end -}}
