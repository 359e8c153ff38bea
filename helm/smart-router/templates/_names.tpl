{{/* Names of objects. All are those of the release `smart-router` where the release has that name. */}}

{{- define "smart-router.chart-name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "smart-router.name" -}}
{{- $chart := include "smart-router.chart-name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 45 | trimSuffix "-" -}}
{{- else if contains $chart .Release.Name -}}
{{- .Release.Name | trunc 45 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $chart | trunc 45 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "smart-router.config-name" -}}
{{- printf "%s-config" (include "smart-router.name" .) -}}
{{- end -}}

{{- define "smart-router.secret-name" -}}
{{- printf "%s-secrets" (include "smart-router.name" .) -}}
{{- end -}}

{{- define "smart-router.worker-name" -}}
{{- printf "%s-worker" (include "smart-router.name" .) -}}
{{- end -}}

{{- define "smart-router.redis-name" -}}
{{- printf "%s-redis" (include "smart-router.name" .) -}}
{{- end -}}

{{/* The namespace of the voice agents: that of the release if none is given. */}}
{{- define "smart-router.agents-namespace" -}}
{{- default .Release.Namespace .Values.agents.namespace -}}
{{- end -}}

{{/* The account of the processes that may lead. */}}
{{- define "smart-router.service-account-name" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "smart-router.name" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* Address of the API within the cluster, as host and port. */}}
{{- define "smart-router.api-address" -}}
{{- printf "%s.%s.svc.%s:8080" (include "smart-router.name" .) .Release.Namespace .Values.clusterDomain -}}
{{- end -}}
