{{/*
Keeps a pod that ends alive until its calls have ended. It drains the pod by its name, as the leader does too, and asks until
the answer is that it has none left. No answer means busy: a router that is away for a moment ends no call. A pod that the
router does not know for a minute has none.
*/}}
{{- define "smart-router.agents.drain-hook" -}}
ask() { curl -s -m 40 -H "Authorization: Bearer $SMART_ROUTER_API_KEY" -H 'content-type: application/json' "$@"; }
api="$SMART_ROUTER_BASE_URL/api/v1"
unknown=0
until
  ask -o /dev/null -d "{\"pod_name\":\"$POD_NAME\"}" "$api/drain"
  answer=$(ask "$api/pod/$POD_NAME/drained?wait=30s")
  echo "$answer" | grep -q '"drained":true'
do
  if echo "$answer" | grep -q '"POD_NOT_FOUND"'; then unknown=$((unknown + 1)); else unknown=0; fi
  if [ "$unknown" -ge 12 ]; then exit 0; fi
  sleep 5
done
{{- end -}}
