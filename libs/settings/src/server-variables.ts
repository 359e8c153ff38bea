import { apiKeys } from './api-keys';
import * as kinds from './kinds';
import { optional, withDefault } from './variable';

export const server = {
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
  LIVENESS_STORE_TIMEOUT: withDefault(kinds.durationOrZero, '0s', {
    desc: 'After this time without a connection to Redis `/health` is 503, so that the liveness probe restarts the process; longer than every failover, see docs/operations.md. `0s`: never',
    example: '2m',
  }),
  SHUTDOWN_DELAY: withDefault(kinds.durationOrZero, '1s', {
    desc: 'Time between readiness 503 and the end of new connections',
    example: '5s',
  }),
  HTTP_SHUTDOWN_TIMEOUT: withDefault(kinds.duration, '30s', {
    desc: 'Longest time for a whole shutdown',
    example: '30s',
  }),
};

export const access = {
  NODE_ENV: optional(kinds.oneOf('production', 'development', 'test'), {
    desc: '`production`: `API_KEYS` are required unless `ALLOW_OPEN_API` says otherwise, and webhooks that nobody can verify are refused unless two settings do',
    example: 'production',
  }),
  API_KEYS: optional(apiKeys, {
    desc: 'Keys of the API, sent as `Authorization: Bearer <secret>`; without any the API is open to everybody',
    example: 'dashboard:read:3c1f0b6de0a94c57,agents:write:9a7d2f41c8be4e06',
    secret: true,
  }),
  ALLOW_OPEN_API: withDefault(kinds.bool, 'false', {
    desc: 'Must be `true` where an API without `API_KEYS`, open to everybody, is meant under `NODE_ENV=production`',
    example: 'false',
  }),
  DOCS_ENABLED: withDefault(kinds.bool, 'true', {
    desc: 'Whether `/docs` and `/docs-json` are served, to everybody',
    example: 'false',
  }),
  METRICS_ON_API_PORT: withDefault(kinds.bool, 'true', {
    desc: 'Whether `/metrics` is served on the API port, too, to everybody; it is always on `METRICS_PORT`',
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
  HTTP_KEEP_ALIVE: withDefault(kinds.duration, '65s', {
    desc: 'How long a connection is kept open between two requests; longer than the load balancer ahead keeps it, or it sends requests into connections that are just being closed (60 s is usual, 600 s behind that of Google)',
    example: '620s',
  }),
  HTTP_MAX_CONNECTIONS: withDefault(kinds.count, '10000', {
    desc: 'How many connections the API port holds at most; further ones are closed',
    example: '10000',
  }),
  MAX_EVENT_LOOP_LAG: withDefault(kinds.durationOrZero, '500ms', {
    desc: 'While the event loop lags behind by more than this on average, requests are rejected; `0s`: never',
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
    desc: 'Proxies in front of this service whose `X-Forwarded-For` names the client address, with or without a port; without any it is that of the connection',
    example: '10.0.0.0/8,fd00::/8',
  }),
};

export const logs = {
  LOG_LEVEL: withDefault(kinds.oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal'), 'info', {
    desc: 'Least important level that is written',
    example: 'debug',
  }),
  LOG_FORMAT: withDefault(kinds.oneOf('json', 'console'), 'json', {
    desc: '`json` for machines, `console` for people',
    example: 'console',
  }),
};
