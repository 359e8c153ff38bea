export { connectRedis, type RedisConnectionOptions } from './connect';
export type { RedisClient } from './client';
export { isConnectionFailure } from './connection-failure';
export { InvalidRedisUrlError, RedisUnreachableError } from './errors';
export type { RedisLogger } from './outage-log';
export type { RedisConnection } from './redis-connection';
export { scriptSource } from './script-source';
export { defineScripts, type RunScript, type ScriptDefinition, type ScriptReply } from './scripts';
