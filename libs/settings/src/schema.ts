import type { CleanedEnv } from 'envalid';
import { apiKeys } from './api-keys';
import * as kinds from './kinds';
import { optional, withDefault, type Documentation } from './variable';

const server = {
  HTTP_HOST: withDefault(kinds.anyText, '0.0.0.0', {
    desc: 'Address that both servers listen on',
    example: '127.0.0.1',
  }),
  HTTP_PORT: withDefault(kinds.port, '8080', { desc: 'Port of the API', example: '8080' }),
  METRICS_PORT: withDefault(kinds.port, '9090', {
    desc: 'Port of `/metrics` and `/health` for the monitoring',
    example: '9090',
  }),
  REQUEST_DEADLINE: withDefault(kinds.duration, '2s', {
    desc: 'Longest time until a request is answered',
    example: '2s',
  }),
  SHUTDOWN_DELAY: withDefault(kinds.durationOrZero, '1s', {
    desc: 'Time between readiness turning 503 and the end of new connections',
    example: '5s',
  }),
  HTTP_SHUTDOWN_TIMEOUT: withDefault(kinds.duration, '30s', {
    desc: 'Longest time for a whole shutdown',
    example: '30s',
  }),
};

const access = {
  NODE_ENV: optional(kinds.anyText, {
    desc: '`production`: webhooks that nobody can verify are refused unless two settings say otherwise',
    example: 'production',
  }),
  API_KEYS: optional(apiKeys, {
    desc: 'Keys of the API, sent as `Authorization: Bearer <secret>`; without any the API is open to everybody',
    example: 'dashboard:read:3c1f0b6de0a94c57,agents:write:9a7d2f41c8be4e06',
    secret: true,
  }),
  DOCS_ENABLED: withDefault(kinds.bool, 'true', {
    desc: 'Whether `/docs` and `/docs-json` are served, to everybody',
    example: 'false',
  }),
  HTTP_RECEIVE_TIMEOUT: withDefault(kinds.duration, '15s', {
    desc: 'Longest time that a client may take to send a request',
    example: '15s',
  }),
  HTTP_IDLE_TIMEOUT: withDefault(kinds.duration, '75s', {
    desc: 'Time after which a connection is closed on which nothing moves, also in the middle of an answer that nobody reads; longer than the 60 s of the usual load balancers',
    example: '75s',
  }),
  HTTP_MAX_CONNECTIONS: withDefault(kinds.count, '10000', {
    desc: 'How many connections the API port holds at most; further ones are closed',
    example: '10000',
  }),
  MAX_EVENT_LOOP_LAG: withDefault(kinds.durationOrZero, '500ms', {
    desc: 'While the event loop lags behind by more than this on average, requests are turned away; `0s`: never',
    example: '500ms',
  }),
  RATE_LIMIT_WINDOW: withDefault(kinds.duration, '1m', {
    desc: 'Time within which requests are counted for the limits below',
    example: '1m',
  }),
  RATE_LIMIT_PER_API_KEY: withDefault(kinds.countOrZero, '0', {
    desc: 'Requests that each API key may make within the window, at each process; 0: no limit',
    example: '6000',
  }),
  RATE_LIMIT_PER_ADDRESS: withDefault(kinds.countOrZero, '0', {
    desc: 'Requests to the API that each client address may make within the window, at each process; 0: no limit',
    example: '6000',
  }),
  WEBHOOK_RATE_LIMIT_PER_ADDRESS: withDefault(kinds.countOrZero, '0', {
    desc: 'Webhooks that ask for a pod which each address may send within the window, at each process; 0: no limit',
    example: '6000',
  }),
  TRUSTED_PROXIES: optional(kinds.networks, {
    desc: 'Proxies in front of this service whose `X-Forwarded-For` tells the client address; without any it is that of the connection',
    example: '10.0.0.0/8,fd00::/8',
  }),
};

const logs = {
  LOG_LEVEL: withDefault(kinds.oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal'), 'info', {
    desc: 'Least important level that is written',
    example: 'debug',
  }),
  LOG_FORMAT: withDefault(kinds.oneOf('json', 'console'), 'json', {
    desc: '`json` for machines, `console` for people',
    example: 'console',
  }),
};

const store = {
  REDIS_URL: optional(kinds.redisUrls, {
    desc: 'Redis; without it the store is in memory (`smart-router` only)',
    example: 'redis://localhost:6379',
    secret: true,
  }),
  REDIS_MODE: withDefault(kinds.oneOf('standalone', 'sentinel', 'cluster'), 'standalone', {
    desc: 'Kind of Redis; in sentinel mode `REDIS_URL` lists the sentinels, with user, password and database of the servers',
    example: 'sentinel',
  }),
  REDIS_SENTINEL_MASTER: optional(kinds.anyText, {
    desc: 'Name under which the sentinels know the master',
    example: 'mymaster',
  }),
  REDIS_SENTINEL_USERNAME: optional(kinds.anyText, { desc: 'User at the sentinels', example: 'watcher' }),
  REDIS_SENTINEL_PASSWORD: optional(kinds.anyText, {
    desc: 'Password at the sentinels',
    example: 'a-long-random-text',
    secret: true,
  }),
  REDIS_WAIT_REPLICAS: withDefault(kinds.countOrZero, '0', {
    desc: 'So many replicas of Redis must have a change of a call or a drain before it is acknowledged; not in cluster mode',
    example: '1',
  }),
  REDIS_WAIT_TIMEOUT: withDefault(kinds.duration, '100ms', {
    desc: 'How long the replicas have for that; then the answer is 503 and the request may be repeated',
    example: '100ms',
  }),
  REDIS_KEY_PREFIX: withDefault(kinds.keyPrefix, 'voice:', {
    desc: 'Begins every key; in cluster mode it must hold a hash tag',
    example: '{voice}:',
  }),
  REDIS_TLS_CA: optional(kinds.certificates, {
    desc: 'Who may sign the certificate of a `rediss://` server, in place of the well-known authorities',
    example: '-----BEGIN CERTIFICATE-----…',
    secret: true,
  }),
  REDIS_INSTANCE_ID: optional(kinds.storeMark, {
    desc: 'Mark that the store must carry, see docs/reliability.md; an empty store is given it. Unset: the mark that is found at the start',
    example: 'calls-eu-1',
  }),
  REDIS_CONNECT_TIMEOUT: withDefault(kinds.duration, '1s', {
    desc: 'Longest time for one attempt to connect',
    example: '1s',
  }),
  REDIS_START_TIMEOUT: withDefault(kinds.duration, '30s', {
    desc: 'How long the start waits for Redis before it gives up',
    example: '30s',
  }),
  REDIS_FAILOVER_HOLD: withDefault(kinds.durationOrZero, '1s', {
    desc: 'How long no new calls get pods after a failover or restart of Redis, so that all replicas can tell it what they have granted; 0s for not at all',
    example: '1s',
  }),
  REDIS_REASSERT_WINDOW: withDefault(kinds.durationOrZero, '30s', {
    desc: 'How far back a replica tells Redis after a failover, a restart or a loss of data what it has granted and released; 0s for not at all',
    example: '30s',
  }),
  LEASE_TTL: withDefault(kinds.duration, '24h', {
    desc: 'How long a call holds its pod without a heartbeat',
    example: '24h',
  }),
  CALL_INFO_TTL: withDefault(kinds.duration, '24h', { desc: 'How long the record of a call is kept', example: '24h' }),
  DRAINING_TTL: withDefault(kinds.duration, '6m', { desc: 'How long a drain lasts', example: '6m' }),
  ENDED_CALL_TTL: withDefault(kinds.duration, '10m', {
    desc: 'How long an ended call is remembered, so that a late duplicate of its webhook takes no pod',
    example: '10m',
  }),
  AUDIT_LENGTH: withDefault(kinds.countOrZero, '0', {
    desc: 'About how many operations the store keeps in its audit, see docs/keys.md; `0`: it keeps none',
    example: '100000',
  }),
};

const pools = {
  TIER_CONFIG: optional(kinds.jsonObject, {
    desc: 'Tiers for the first start; afterwards the stored config wins',
    example: '{"gold":10,"standard":20}',
  }),
  TIER_CONFIG_REFRESH_INTERVAL: withDefault(kinds.shortDuration, '30s', {
    desc: 'How often the stored tier config is read again',
    example: '30s',
  }),
  POD_SOURCE: withDefault(kinds.oneOf('static', 'kubernetes'), 'static', {
    desc: 'Where the list of pods comes from: these settings, or a Kubernetes cluster',
    example: 'kubernetes',
  }),
  STATIC_PODS: optional(kinds.podNames, {
    desc: 'Names of the pods; `voice-agent-0` to `voice-agent-34` with the in-memory store, as many as the built-in tiers want',
    example: 'voice-agent-0,voice-agent-1',
  }),
  STATIC_PODS_FILE: optional(kinds.anyText, {
    desc: 'File with one pod name a line, read again when it changes',
    example: '/etc/smart-router/pods',
  }),
  LEADER_ELECTION: optional(kinds.oneOf('kubernetes', 'redis', 'none'), {
    desc: 'How the one replica that writes pool membership is found: by a Lease of Kubernetes, in Redis, or not at all (this process leads); if unset `kubernetes` where `POD_SOURCE` is that and there is a Redis, otherwise `none`',
    example: 'redis',
  }),
  LEADER_ELECTION_LEASE_NAME: withDefault(kinds.objectName, 'smart-router-leader', {
    desc: 'Name of the Lease in Kubernetes',
    example: 'smart-router-leader',
  }),
  LEADER_ELECTION_NAMESPACE: optional(kinds.namespace, {
    desc: 'Namespace of the Lease; that of the voice agents if unset',
    example: 'voice-system',
  }),
  LEADER_ELECTION_LEASE_DURATION: withDefault(kinds.wholeSeconds, '15s', {
    desc: 'Others take leadership over from a leader that they did not see renew it for so long',
    example: '15s',
  }),
  LEADER_ELECTION_RENEW_DEADLINE: withDefault(kinds.duration, '10s', {
    desc: 'A leader that could not renew for so long leads no more',
    example: '10s',
  }),
  LEADER_ELECTION_RETRY_PERIOD: withDefault(kinds.duration, '2s', {
    desc: 'Time between two attempts to take or renew leadership; those who do not lead wait up to 2.2 times as long',
    example: '2s',
  }),
  LEADER_ELECTION_IDENTITY: optional(kinds.anyText, {
    desc: 'How this process calls itself as leader; host name and process id if unset',
    example: 'smart-router-0',
  }),
  CLEANUP_INTERVAL: withDefault(kinds.duration, '30s', {
    desc: 'How often leases that ran out are ended',
    example: '30s',
  }),
  RECONCILE_INTERVAL: withDefault(kinds.duration, '60s', {
    desc: 'How often pods and store are compared',
    example: '60s',
  }),
};

const kubernetes = {
  NAMESPACE: withDefault(kinds.namespace, 'voice-system', {
    desc: 'Kubernetes namespace of the voice agents',
    example: 'voice-system',
  }),
  POD_LABEL_SELECTOR: withDefault(kinds.labelSelector, 'app=voice-agent', {
    desc: 'Which pods of the namespace are voice agents',
    example: 'app=voice-agent,track!=canary',
  }),
  POD_DELETION_COST: withDefault(kinds.bool, 'false', {
    desc: 'Whether the leader tells Kubernetes by an annotation of each pod how many calls it has, so that a ReplicaSet which is scaled down ends idle pods first',
    example: 'true',
  }),
  KUBECONFIG: optional(kinds.anyText, {
    desc: 'Path of a kubeconfig file, whose current context is used; without it the service account of the pod is',
    example: '/home/me/.kube/config',
  }),
  KUBERNETES_SERVICE_HOST: optional(kinds.anyText, {
    desc: 'Address of the Kubernetes API, set by Kubernetes in every pod',
    example: '10.96.0.1',
  }),
  KUBERNETES_SERVICE_PORT: withDefault(kinds.port, '443', {
    desc: 'Port of the Kubernetes API, set by Kubernetes in every pod',
    example: '443',
  }),
};

const calls = {
  VOICE_AGENT_BASE_URL: withDefault(kinds.url('ws:', 'wss:'), 'ws://localhost:8000', {
    desc: 'Where the voice agents are reached',
    example: 'wss://voice.example.com',
  }),
  WS_URL_TEMPLATE: withDefault(kinds.wsUrlTemplate, '{base_url}/ws/pod/{pod_name}/{call_sid}', {
    desc: 'Address that a call is sent to',
    example: '{base_url}/ws/pod/{pod_name}/{call_sid}',
  }),
  WEBHOOK_PREFIX: withDefault(kinds.urlPath, '/agent/voice/breeze-buddy', {
    desc: 'Begins the public webhook paths `{prefix}/{provider}/callback/{template}`',
    example: '/webhooks',
  }),
  PUBLIC_BASE_URL: optional(kinds.url('http:', 'https:'), {
    desc: 'How providers reach this service; webhook signatures are checked against it',
    example: 'https://calls.example.com',
  }),
  TRUST_FORWARDED_HEADERS: withDefault(kinds.bool, 'false', {
    desc: 'Whether `X-Forwarded-Proto` and `X-Forwarded-Host` tell the public address',
    example: 'true',
  }),
  TWILIO_AUTH_TOKEN: optional(kinds.textList, {
    desc: 'Checks Twilio signatures; several while a token is rotated',
    example: 'new-token,old-token',
    secret: true,
  }),
  PLIVO_AUTH_TOKEN: optional(kinds.textList, {
    desc: 'Checks Plivo signatures; several while a token is rotated',
    example: 'new-token,old-token',
    secret: true,
  }),
  PLIVO_ACCEPT_V2: withDefault(kinds.bool, 'false', {
    desc: 'Whether the older V2 signature, which does not cover the parameters, is accepted too',
    example: 'true',
  }),
  EXOTEL_WEBHOOK_TOKEN: optional(kinds.anyText, {
    desc: 'Password (Basic) or `token` query value of Exotel webhooks',
    example: 'a-long-random-text',
    secret: true,
  }),
  ACCEPT_UNVERIFIED_WEBHOOKS: optional(kinds.bool, {
    desc: 'Whether webhooks of a provider that has no secret here are taken from anybody, or refused; `true` if unset, but `false` where `NODE_ENV` is `production`',
    example: 'false',
  }),
  ALLOW_UNVERIFIED_WEBHOOKS_IN_PRODUCTION: withDefault(kinds.bool, 'false', {
    desc: 'Must be `true`, too, where `ACCEPT_UNVERIFIED_WEBHOOKS=true` is meant under `NODE_ENV=production`',
    example: 'false',
  }),
  NO_CAPACITY_MESSAGE: withDefault(
    kinds.anyText,
    'All our agents are busy right now. Please call again in a few minutes.',
    {
      desc: 'Spoken when no pod is free',
      example: 'All agents are busy. Please call again later.',
    },
  ),
  FAILURE_MESSAGE: withDefault(
    kinds.anyText,
    'We cannot take your call right now. Please call again in a few minutes.',
    {
      desc: 'Spoken when something is wrong here',
      example: 'We cannot take your call right now.',
    },
  ),
};

const startup = {
  STARTUP_PROFILE: withDefault(kinds.oneOf('production', 'development', 'test'), 'production', {
    desc: 'Set of defaults for the start, see [startup](startup.md); the variables below win over it',
    example: 'development',
  }),
  USE_ROBUST_STARTUP: withDefault(kinds.bool, 'true', {
    desc: 'Whether components are tried again and may be missing; `false`: each starts once, in order, and the first failure ends the start',
    example: 'false',
  }),
  GRACEFUL_STARTUP_MODE: withDefault(kinds.bool, 'true', {
    desc: 'Whether the start goes on without a component of priority HIGH, where ALLOW_DEGRADED_MODE permits it too',
    example: 'false',
  }),
  ALLOW_DEGRADED_MODE: withDefault(kinds.bool, 'true', {
    desc: 'Whether the process may serve without a component of priority HIGH',
    example: 'false',
  }),
  STARTUP_MAX_RETRIES: optional(kinds.countOrZero, {
    desc: 'Attempts after the first one, before a component counts as failed',
    example: '3',
  }),
  STARTUP_CIRCUIT_BREAKER_THRESHOLD: optional(kinds.count, {
    desc: "Failures in a row that open a component's circuit breaker",
    example: '3',
  }),
  STARTUP_RECOVERY_TIMEOUT: optional(kinds.durationOrSeconds, {
    desc: 'How long an open circuit breaker waits before it lets one attempt through',
    example: '300s',
  }),
  STARTUP_TIMEOUT: optional(kinds.durationOrSeconds, {
    desc: 'Longest time for the whole start',
    example: '120s',
  }),
};

/** All environment variables: the one place that names them. */
export const SCHEMA = { ...server, ...access, ...logs, ...store, ...pools, ...kubernetes, ...calls, ...startup };

/** The same in the order of the documentation. */
export const SECTIONS: readonly {
  readonly title: string;
  readonly variables: Readonly<Record<string, Documentation>>;
}[] = [
  { title: 'Servers', variables: server },
  { title: 'Access and limits', variables: access },
  { title: 'Logs', variables: logs },
  { title: 'Store', variables: store },
  { title: 'Tiers, pods and the leader', variables: pools },
  { title: 'Kubernetes', variables: kubernetes },
  { title: 'Calls and webhooks', variables: calls },
  { title: 'Start-up', variables: startup },
];

export type VariableName = keyof typeof SCHEMA;
export type Values = Pick<CleanedEnv<typeof SCHEMA>, VariableName>;
