import { openRedis, type RedisConnectionOptions } from '../connect';
import type { RedisConnection } from '../redis-connection';

/**
 * Connects, trying again with back-off until Redis answers.
 * @throws InvalidRedisUrlError, or RedisUnreachableError after `startTimeoutMs`
 */
export async function connectRedis(options: RedisConnectionOptions): Promise<RedisConnection> {
  const connection = openRedis(options);
  await connection.connect();
  return connection;
}
