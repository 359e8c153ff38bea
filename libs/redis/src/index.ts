export { connectRedis, openRedis, type RedisConnectionOptions } from './connect';
export type { ClientHolder, RedisClient } from './client';
export { describeFailure, type OutageHolder } from './command-failure';
export { isConnectionFailure, wasNeverSent } from './connection-failure';
export {
  CommandTimeoutError,
  InvalidRedisUrlError,
  NotConnectedError,
  RedisUnreachableError,
  UnconfirmedWriteError,
} from './errors';
export type { RedisLogger } from './outage-log';
export type { ConnectionOutage } from './persistent-client';
export type { ConnectionPurpose, RedisConnection } from './redis-connection';
export { ReplicationBarrier, type ReplicationCoverage, type ReplicationRequirement } from './replication-barrier';
export type { RedisCredentials } from './server-access';
export { scriptSource } from './script-source';
export { type Confirm, defineScripts, type RunScript, type ScriptDefinition, type ScriptReply } from './scripts';
