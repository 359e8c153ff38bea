{{/*
The configuration of nginx. Webhooks go to the API, media streams to the pod that their path names.

The path is matched after nginx has decoded it, so each part is written as the few characters that it may have: a
wider pattern lets a caller reach any host. The address of the pod is put together from what has matched alone.
*/}}
{{- define "smart-router.router.nginx-conf" -}}
{{- $router := .Values.router -}}
{{- $prefix := default "/agent/voice/breeze-buddy" (index .Values.config "WEBHOOK_PREFIX") -}}
{{- $agents := printf "%s.%s.svc.%s:%d" .Values.agents.name (include "smart-router.agents-namespace" .) .Values.clusterDomain (int .Values.agents.port) -}}
{{- $more := sub (int $router.pathSegments) 1 -}}
daemon off;
pid {{ $router.temporaryFolder }}/nginx.pid;
error_log stderr {{ $router.logLevel }};
worker_processes {{ $router.workerProcesses }};
worker_rlimit_nofile {{ add (mul 2 (int $router.workerConnections)) 64 }};

events {
  worker_connections {{ $router.workerConnections }};
}

http {
  # Without the query, which may hold the token of a provider.
  log_format path '$remote_addr [$time_iso8601] "$request_method $uri" $status $request_time $upstream_addr $upstream_status';
  access_log {{ $router.accessLog }}{{ if ne $router.accessLog "off" }} path{{ end }};
  server_tokens off;
  absolute_redirect off;
  default_type text/plain;
  client_body_temp_path {{ $router.temporaryFolder }}/client-body;
  proxy_temp_path {{ $router.temporaryFolder }}/proxy;
  fastcgi_temp_path {{ $router.temporaryFolder }}/fastcgi;
  uwsgi_temp_path {{ $router.temporaryFolder }}/uwsgi;
  scgi_temp_path {{ $router.temporaryFolder }}/scgi;
  client_max_body_size 64k;
  large_client_header_buffers 4 16k;
  keepalive_timeout {{ $router.keepAliveSeconds }}s;
  resolver {{ $router.resolver }} valid=5s{{ if not $router.ipv6 }} ipv6=off{{ end }};
  resolver_timeout 5s;

  upstream api {
{{- range default (list (include "smart-router.api-address" .)) $router.apiServers }}
    server {{ . }} fail_timeout=1s;
{{- end }}
    keepalive 64;
    keepalive_timeout 50s;
  }

  # What an ingress in front has said, else what nginx sees.
  map $http_x_forwarded_proto $forwarded_proto {
    default $http_x_forwarded_proto;
    "" $scheme;
  }

  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  proxy_set_header X-Forwarded-Proto $forwarded_proto;

  server {
    listen {{ with $router.listenAddress }}{{ . }}:{{ end }}{{ $router.containerPort }};
{{- if $router.ipv6 }}
    listen [::]:{{ $router.containerPort }};
{{- end }}

    location = /healthz {
      access_log off;
      return 200 "ok\n";
    }

    location ~ "^/ws/pod/(?<pod_name>[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)/(?<call_path>[A-Za-z0-9._:~-]{1,128}{{ if gt $more 0 }}(?:/[A-Za-z0-9._:~-]{1,128}){0,{{ $more }}}{{ end }})\z" {
      if ($http_upgrade !~* "^websocket\z") {
        return 426;
      }
      proxy_pass http://$pod_name.{{ $agents }}/ws/pod/$pod_name/$call_path$is_args$args;
      proxy_set_header Upgrade websocket;
      proxy_set_header Connection upgrade;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $forwarded_proto;
      proxy_buffering off;
      proxy_connect_timeout 5s;
      proxy_read_timeout 1h;
      proxy_send_timeout 1h;
      proxy_socket_keepalive on;
      # A stream belongs to one pod; another one does not know the call.
      proxy_next_upstream off;
    }

    location {{ $prefix | trimSuffix "/" }}/ {
      {{- include "smart-router.router.to-api" . | nindent 6 }}
    }

    location ~ "^/api/v1/(?:twilio|plivo|exotel)/(?:allocate|status)\z" {
      {{- include "smart-router.router.to-api" . | nindent 6 }}
    }
{{- if $router.exposeApi }}

    # Open routes that show the inside of a process stay within the cluster.
    location ~ "^/api/v1/(?:metrics|health|ready|admin)(?:/|\z)" {
      return 404;
    }

    location ~ "^(?:/health|/ready|/api/v1/.*)\z" {
      {{- include "smart-router.router.to-api" . | nindent 6 }}
    }
{{- end }}

    location / {
      return 404;
    }
  }
}
{{- end -}}

{{/* A request that got no answer is sent to another process, POST as well: to repeat an operation of the API is safe. */}}
{{- define "smart-router.router.to-api" -}}
proxy_pass http://api;
proxy_set_header Connection "";
proxy_set_header Host $http_host;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-Forwarded-Proto $forwarded_proto;
proxy_connect_timeout 2s;
proxy_read_timeout 10s;
proxy_send_timeout 10s;
proxy_next_upstream error timeout non_idempotent;
proxy_next_upstream_tries 3;
{{- end -}}
