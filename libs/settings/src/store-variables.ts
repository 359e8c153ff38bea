import * as kinds from './kinds';
import { optional, withDefault } from './variable';

export const store = {
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
  REDIS_WAIT_REPLICAS: withDefault(kinds.countOrAll, '0', {
    desc: 'So many replicas of Redis must have a change of a call or a drain before it is acknowledged; `all`: every one that the master has, at least one; not in cluster mode',
    example: 'all',
  }),
  REDIS_WAIT_TIMEOUT: withDefault(kinds.duration, '100ms', {
    desc: 'How long the replicas have for that; then the answer is 504 and the request may be repeated',
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
  REDIS_INSTANCE_ID: optional(kinds.instanceId, {
    desc: 'Mark that the store must carry, see docs/operations.md; an empty store is given it. Unset: the mark that is found at the start',
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
    desc: 'How long calls are held at least after a failover, a restart or a loss of data of Redis, while all processes replay what they know; 0s for not at all',
    example: '1s',
  }),
  REDIS_FAILOVER_HOLD_MAX: withDefault(kinds.shortDuration, '5s', {
    desc: 'How long calls are held for a process that was alive before the loss and is silent since; one that replays is waited for up to 30 s',
    example: '5s',
  }),
  REDIS_REASSERT_WINDOW: withDefault(kinds.durationOrZero, '30s', {
    desc: 'How far back a process replays to Redis, after a failover, a restart or a loss of data, what it has granted and ended; 0s for not at all',
    example: '30s',
  }),
  LEASE_TTL: withDefault(kinds.duration, '24h', {
    desc: 'How long a call holds its pod without a heartbeat',
    example: '24h',
  }),
  CALL_INFO_TTL: withDefault(kinds.duration, '24h', { desc: 'How long the record of a call is kept', example: '24h' }),
  DRAINING_TTL: withDefault(kinds.duration, '6m', {
    desc: 'How long a drain lasts whose request has no `ttl`',
    example: '6m',
  }),
  ENDED_CALL_TTL: withDefault(kinds.duration, '10m', {
    desc: 'How long an ended call is remembered, so that a late duplicate of its webhook takes no pod',
    example: '10m',
  }),
  AUDIT_LENGTH: withDefault(kinds.countOrZero, '0', {
    desc: 'About how many operations the store keeps in its audit, see docs/reference/keys.md; `0`: it keeps none',
    example: '100000',
  }),
};
