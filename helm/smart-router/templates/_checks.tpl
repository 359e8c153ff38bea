{{/* What is wrong with the values as a whole: a list of sentences, each of which says what to do. As JSON. */}}
{{- define "smart-router.problems" -}}
{{- $problems := list -}}
{{- range tuple "removed" "access" "store" "leader" "names" "scaling" "parts" -}}
{{- $found := include (printf "smart-router.problems.%s" .) $ -}}
{{- range splitList "\n" $found }}{{ with trim . }}{{ $problems = append $problems . }}{{ end }}{{ end -}}
{{- end -}}
{{- toJson $problems -}}
{{- end -}}

{{- define "smart-router.problems.removed" -}}
{{- range $name, $instead := .Files.Get "files/removed-values.yaml" | fromYaml }}
{{- if hasKey $.Values $name }}
{{ $name }} is no value of this chart: set {{ $instead }}.
{{- end }}
{{- end }}
{{- end -}}

{{- define "smart-router.problems.access" -}}
{{- $known := include "smart-router.mounted-secrets" (dict "root" . "app" "api") | fromYaml -}}
{{- $mayHold := or .Values.secrets.existingSecret .Values.existingConfigMap .Values.api.extraEnvFrom -}}
{{- $open := eq (include "smart-router.setting" (dict "root" . "name" "ALLOW_OPEN_API" "default" "false")) "true" -}}
{{- if and (not (hasKey $known "API_KEYS")) (not $open) (not $mayHold) }}
The API has no keys: set secrets.apiKeys.existingSecret to a Secret with them, or config.ALLOW_OPEN_API to "true" where anybody may use it.
{{- end }}
{{- if and (not (hasKey .Values.config "VOICE_AGENT_BASE_URL")) (not (hasKey .Values.config "WS_URL_TEMPLATE")) (not $mayHold) }}
Nobody knows where calls are sent: set config.VOICE_AGENT_BASE_URL to the address that providers reach, such as wss://voice.example.com.
{{- end }}
{{- range $name, $_ := include "smart-router.secret-settings" . | fromYaml }}
{{- $given := index $.Values.secrets $name }}
{{- if and $given.existingSecret $given.value }}
secrets.{{ $name }} has both existingSecret and value: take one of them away.
{{- end }}
{{- end }}
{{- end -}}

{{- define "smart-router.problems.store" -}}
{{- $hasUrl := hasKey (include "smart-router.mounted-secrets" (dict "root" . "app" "api") | fromYaml) "REDIS_URL" -}}
{{- $mayHold := or .Values.secrets.existingSecret .Values.existingConfigMap .Values.api.extraEnv .Values.api.extraEnvFrom -}}
{{- if and .Values.redis.enabled $hasUrl }}
redis.enabled and secrets.redisUrl name two stores: take one of them away.
{{- else if and (not .Values.redis.enabled) (not $hasUrl) (not $mayHold) }}
There is no Redis: set secrets.redisUrl.existingSecret to a Secret with its address, or redis.enabled to true for a trial.
{{- end }}
{{- end -}}

{{- define "smart-router.problems.leader" -}}
{{- $election := include "smart-router.leader-election" . -}}
{{- $source := include "smart-router.pod-source" . -}}
{{- $combined := eq .Values.mode "combined" -}}
{{- $scaled := and $combined .Values.api.autoscaling.enabled -}}
{{- $leaders := ternary .Values.api.replicas .Values.worker.replicas $combined -}}
{{- if and (eq $election "none") (or $scaled (gt (int $leaders) 1)) }}
Without an election every process leads: set config.LEADER_ELECTION to redis or kubernetes, or {{ ternary "api" "worker" $combined }}.replicas to 1.
{{- end }}
{{- if and (eq $source "static") (not (hasKey .Values.config "STATIC_PODS")) (not (hasKey .Values.config "STATIC_PODS_FILE")) (not .Values.existingConfigMap) }}
config.POD_SOURCE is static and there are no pods: set config.STATIC_PODS to their names, or config.POD_SOURCE to kubernetes.
{{- end }}
{{- end -}}

{{/* Settings that have a value of their own, since other objects depend on them. */}}
{{- define "smart-router.problems.names" -}}
{{- $instead := dict
      "HTTP_PORT" "nothing: it is 8080 in the container"
      "METRICS_PORT" "nothing: it is 9090 in the container"
      "NAMESPACE" "agents.namespace"
      "POD_LABEL_SELECTOR" "agents.podSelector"
      "TIER_CONFIG" "tierConfig"
      "KUBERNETES_SERVICE_HOST" "nothing: Kubernetes sets it"
      "KUBERNETES_SERVICE_PORT" "nothing: Kubernetes sets it" -}}
{{- range $name, $value := $instead }}
{{- if hasKey $.Values.config $name }}
config.{{ $name }} is not read by the rest of the chart: set {{ $value }}.
{{- end }}
{{- end }}
{{- range $name, $setting := include "smart-router.secret-settings" . | fromYaml }}
{{- if hasKey $.Values.config $setting }}
config.{{ $setting }} is a secret, which a ConfigMap shows to everybody: set secrets.{{ $name }}.
{{- end }}
{{- end }}
{{- end -}}

{{- define "smart-router.problems.scaling" -}}
{{- $scaling := .Values.api.autoscaling -}}
{{- if and $scaling.enabled (gt (int $scaling.minReplicas) (int $scaling.maxReplicas)) }}
api.autoscaling.minReplicas is more than maxReplicas: raise maxReplicas.
{{- end }}
{{- $shutdown := include "smart-router.setting" (dict "root" . "name" "HTTP_SHUTDOWN_TIMEOUT" "default" "30s") -}}
{{- $processes := dict "api" .Values.api -}}
{{- if eq .Values.mode "separate" }}{{ $_ := set $processes "worker" .Values.worker }}{{ end -}}
{{- if regexMatch "^[0-9]+(s|m)$" $shutdown }}
{{- $seconds := mul (ternary 60 1 (hasSuffix "m" $shutdown)) (regexFind "[0-9]+" $shutdown | int) }}
{{- range $name, $process := $processes }}
{{- if le (int $process.terminationGracePeriodSeconds) (int $seconds) }}
{{ $name }}.terminationGracePeriodSeconds is {{ int $process.terminationGracePeriodSeconds }}, and a shutdown may take {{ $shutdown }}: make it longer than config.HTTP_SHUTDOWN_TIMEOUT.
{{- end }}
{{- end }}
{{- end }}
{{- range $name, $process := dict "api" .Values.api "worker" .Values.worker "router" .Values.router "agents" .Values.agents }}
{{- if and $process.podDisruptionBudget.enabled (has (toString $process.podDisruptionBudget.maxUnavailable) (list "0" "0%")) }}
{{ $name }}.podDisruptionBudget.maxUnavailable is 0, which blocks every drain of a machine: set it to 1 or more.
{{- end }}
{{- end }}
{{- end -}}

{{- define "smart-router.problems.parts" -}}
{{- if and .Values.agents.enabled (not .Values.agents.image.repository) }}
agents.enabled needs an image: set agents.image.repository.
{{- end }}
{{- if and .Values.agents.enabled .Values.agents.namespace (ne .Values.agents.namespace .Release.Namespace) }}
agents.enabled runs the voice agents in {{ .Release.Namespace }}, where the release is: take agents.namespace away.
{{- end }}
{{- if and .Values.agents.enabled .Values.agents.podSelector }}
agents.podSelector is for voice agents that the chart does not run: take it away, or set agents.enabled to false.
{{- end }}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) }}
ingress.enabled needs a host: set ingress.hosts to a list such as [voice.example.com].
{{- end }}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) }}
httpRoute.enabled needs a gateway: set httpRoute.parentRefs to a list such as [{name: public}].
{{- end }}
{{- range $name, $_ := .Values.alerts.rules }}
{{- if not $.Values.alerts.enabled }}
alerts.rules.{{ $name }} has no effect: set alerts.enabled to true.
{{- end }}
{{- end }}
{{- end -}}
