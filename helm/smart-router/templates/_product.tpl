{{/*
The pod of one of the product's processes. Argument: {root, component, app, bundle, values, leads}.
A pod that leads has the account with the permissions; the others have no token at all.
*/}}
{{- define "smart-router.product-pod" -}}
{{- $secrets := include "smart-router.mounted-secrets" (dict "root" .root "app" .bundle) | fromYaml -}}
metadata:
  labels:
    {{- include "smart-router.pod-labels" . | nindent 4 }}
  annotations:
    {{- include "smart-router.checksums" .root | nindent 4 }}
    {{- with .values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  {{- if .leads }}
  serviceAccountName: {{ include "smart-router.service-account-name" .root }}
  {{- end }}
  automountServiceAccountToken: {{ .leads }}
  {{- include "smart-router.pod-common" (merge (dict "grace" .values.terminationGracePeriodSeconds) .) | nindent 2 }}
  {{- include "smart-router.spread" . | nindent 2 }}
  containers:
    - name: {{ .bundle }}
      image: {{ include "smart-router.own-image" .root | quote }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args: [/app/{{ .bundle }}/main.js]
      {{- include "smart-router.environment" (dict "root" .root "app" .bundle "values" .values) | nindent 6 }}
      ports:
        - name: http
          containerPort: 8080
        - name: metrics
          containerPort: 9090
      startupProbe:
        httpGet: { path: /health, port: http }
        periodSeconds: 2
        failureThreshold: 90
      readinessProbe:
        httpGet: { path: /ready, port: http }
        periodSeconds: 3
        timeoutSeconds: 3
        failureThreshold: 2
      livenessProbe:
        httpGet: { path: /health, port: http }
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      securityContext:
        {{- include "smart-router.container-security" . | nindent 8 }}
      resources:
        {{- toYaml .values.resources | nindent 8 }}
      {{- if or $secrets .values.extraVolumeMounts }}
      volumeMounts:
        {{- if $secrets }}
        - name: secrets
          mountPath: /run/secrets/smart-router
          readOnly: true
        {{- end }}
        {{- with .values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- end }}
  {{- if or $secrets .values.extraVolumes }}
  volumes:
    {{- if $secrets }}
    - name: secrets
      projected:
        defaultMode: 0440
        sources:
          {{- range $setting, $source := $secrets }}
          - secret:
              name: {{ $source.secret }}
              items:
                - key: {{ $source.key }}
                  path: {{ $setting }}
          {{- end }}
    {{- end }}
    {{- with .values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- end }}
{{- end -}}

{{/* A change of these restarts the pods. TIER_CONFIG is not among them: only the first start reads it. */}}
{{- define "smart-router.checksums" -}}
checksum/config: {{ include "smart-router.config-data" . | sha256sum }}
checksum/secret: {{ include "smart-router.secret-data" . | sha256sum }}
{{- end -}}

{{- define "smart-router.secret-data" -}}
{{- $data := dict -}}
{{- range $name, $setting := include "smart-router.secret-settings" . | fromYaml -}}
{{- $given := index $.Values.secrets $name -}}
{{- if and $given.value (not $given.existingSecret) }}{{ $_ := set $data $setting $given.value }}{{ end -}}
{{- end -}}
{{- if $data }}{{ toYaml $data }}{{ end -}}
{{- end -}}
