{{/* A value of `config` as the text of a variable: Helm reads large numbers as 1e+06. */}}
{{- define "smart-router.text" -}}
{{- if kindIs "float64" . -}}
{{- if eq . (floor .) }}{{ int64 . }}{{ else }}{{ . }}{{ end -}}
{{- else -}}
{{- toString . -}}
{{- end -}}
{{- end -}}

{{/* A setting from `config`, or its default. Argument: {root, name, default}. */}}
{{- define "smart-router.setting" -}}
{{- $given := index .root.Values.config .name -}}
{{- if kindIs "invalid" $given }}{{ .default }}{{ else }}{{ include "smart-router.text" $given }}{{ end -}}
{{- end -}}

{{- define "smart-router.pod-selector" -}}
{{- default (printf "app=%s" .Values.agents.name) .Values.agents.podSelector -}}
{{- end -}}

{{- define "smart-router.lease-name" -}}
{{- include "smart-router.setting" (dict "root" . "name" "LEADER_ELECTION_LEASE_NAME" "default" (printf "%s-leader" (include "smart-router.name" .))) -}}
{{- end -}}

{{/* `kubernetes`, `redis` or `none`, as the product finds it. */}}
{{- define "smart-router.leader-election" -}}
{{- $enabled := include "smart-router.setting" (dict "root" . "name" "LEADER_ELECTION_ENABLED" "default" "true") -}}
{{- $source := include "smart-router.pod-source" . -}}
{{- $default := ternary "kubernetes" "none" (and (eq $source "kubernetes") (ne $enabled "false")) -}}
{{- include "smart-router.setting" (dict "root" . "name" "LEADER_ELECTION" "default" $default) -}}
{{- end -}}

{{- define "smart-router.pod-source" -}}
{{- include "smart-router.setting" (dict "root" . "name" "POD_SOURCE" "default" "kubernetes") -}}
{{- end -}}

{{/* Settings that the chart knows itself; those of `config` win. They are in the ConfigMap of the chart. */}}
{{- define "smart-router.config-data" -}}
{{- $data := dict
      "NODE_ENV" "production"
      "POD_SOURCE" "kubernetes"
      "NAMESPACE" (include "smart-router.agents-namespace" .)
      "POD_LABEL_SELECTOR" (include "smart-router.pod-selector" .)
      "LEADER_ELECTION_LEASE_NAME" (include "smart-router.lease-name" .) -}}
{{- range $name, $value := .Values.config }}{{ $_ := set $data $name (include "smart-router.text" $value) }}{{ end -}}
{{- toYaml $data -}}
{{- end -}}

{{/* The same where a ConfigMap exists already: only what it cannot know, and what was asked for. */}}
{{- define "smart-router.config-env" -}}
{{- $data := dict "POD_SOURCE" "kubernetes" "LEADER_ELECTION_LEASE_NAME" (include "smart-router.lease-name" .) -}}
{{- with .Values.agents.namespace }}{{ $_ := set $data "NAMESPACE" . }}{{ end -}}
{{- with .Values.agents.podSelector }}{{ $_ := set $data "POD_LABEL_SELECTOR" . }}{{ end -}}
{{- with .Values.tierConfig }}{{ $_ := set $data "TIER_CONFIG" (toJson .) }}{{ end -}}
{{- range $name, $value := .Values.config }}{{ $_ := set $data $name (include "smart-router.text" $value) }}{{ end -}}
{{- toYaml $data -}}
{{- end -}}

{{- define "smart-router.secret-settings" -}}
redisUrl: REDIS_URL
redisSentinelPassword: REDIS_SENTINEL_PASSWORD
redisTlsCa: REDIS_TLS_CA
apiKeys: API_KEYS
twilioAuthToken: TWILIO_AUTH_TOKEN
plivoAuthToken: PLIVO_AUTH_TOKEN
exotelWebhookToken: EXOTEL_WEBHOOK_TOKEN
otlpHeaders: OTEL_EXPORTER_OTLP_HEADERS
{{- end -}}

{{/*
The secrets that are mounted, by setting: `{REDIS_URL: {secret, key}}`. Argument: {root, app}. Workers answer nobody, so
they get neither keys of the API nor tokens of providers.
*/}}
{{- define "smart-router.mounted-secrets" -}}
{{- $root := .root -}}
{{- $found := dict -}}
{{- range $name, $setting := include "smart-router.secret-settings" . | fromYaml -}}
{{- $given := index $root.Values.secrets $name -}}
{{- if and (eq $.app "leader-worker") (has $name (list "apiKeys" "twilioAuthToken" "plivoAuthToken" "exotelWebhookToken")) -}}
{{- else if $given.existingSecret -}}
{{- $_ := set $found $setting (dict "secret" $given.existingSecret "key" $given.key) -}}
{{- else if $given.value -}}
{{- $_ := set $found $setting (dict "secret" (include "smart-router.secret-name" $root) "key" $setting) -}}
{{- end -}}
{{- end -}}
{{- toYaml $found -}}
{{- end -}}

{{/* `env` and `envFrom` of a container. Argument: {root, app, values}. */}}
{{- define "smart-router.environment" -}}
{{- $root := .root -}}
{{- $variables := dict "HTTP_PORT" "8080" "METRICS_PORT" "9090" -}}
{{- if $root.Values.redis.enabled }}{{ $_ := set $variables "REDIS_URL" (printf "redis://%s:6379" (include "smart-router.redis-name" $root)) }}{{ end -}}
{{- range $setting, $_ := include "smart-router.mounted-secrets" . | fromYaml -}}
{{- $_ := set $variables (printf "%s_FILE" $setting) (printf "/run/secrets/smart-router/%s" $setting) -}}
{{- end -}}
{{- if $root.Values.existingConfigMap }}{{ $variables = merge $variables (include "smart-router.config-env" $root | fromYaml) }}{{ end -}}
env:
{{- range $name, $value := $variables }}
  - name: {{ $name }}
    value: {{ $value | quote }}
{{- end }}
{{- with .values.extraEnv }}
  {{- toYaml . | nindent 2 }}
{{- end }}
envFrom:
  - configMapRef:
      name: {{ default (include "smart-router.config-name" $root) $root.Values.existingConfigMap }}
{{- with $root.Values.secrets.existingSecret }}
  - secretRef:
      name: {{ . }}
{{- end }}
{{- with .values.extraEnvFrom }}
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
