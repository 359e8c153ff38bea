{{/* Binds the account of the processes that may lead to a role. Argument: {root, name, namespace}. */}}
{{- define "smart-router.role-binding" }}
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ .name }}
  namespace: {{ .namespace }}
  labels:
    {{- include "smart-router.labels" (dict "root" .root "component" "access") | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ .name }}
subjects:
  - kind: ServiceAccount
    name: {{ include "smart-router.service-account-name" .root }}
    namespace: {{ .root.Release.Namespace }}
{{- end }}
