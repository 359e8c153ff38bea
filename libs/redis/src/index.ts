export { connectRedis, openRedis, type RedisConnectionOptions } from './connect';
export type { ClientHolder, RedisClient } from './client';
export { isConnectionFailure } from './connection-failure';
export { InvalidRedisUrlError, RedisUnreachableError, UnconfirmedWriteError } from './errors';
export type { RedisLogger } from './outage-log';
export type { RedisConnection } from './redis-connection';
export { ReplicationBarrier, type ReplicationCoverage, type ReplicationRequirement } from './replication-barrier';
export { scriptSource } from './script-source';
export { type Confirm, defineScripts, type RunScript, type ScriptDefinition, type ScriptReply } from './scripts';
