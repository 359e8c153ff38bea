import { isDeepStrictEqual } from 'node:util';
import type { RedisConnection, RedisCredentials } from '@smart-router/redis';
import type { RedisSettings, Secrets, SecretSource } from '@smart-router/settings';

/** What the connection is opened with: the secrets in force, and what of it is no secret. */
export function redisCredentials(
  { sentinel, url }: RedisSettings,
  { redis }: Pick<Secrets, 'redis'>,
): RedisCredentials {
  const { sentinelPassword: password = null, tlsCa = null } = redis ?? {};
  return {
    url: redis?.url ?? url,
    ...(sentinel && { sentinel: { ...sentinel, ...(password !== null && { password }) } }),
    ...(tlsCa !== null && { tlsCa }),
  };
}

/** From now on the connection has the credentials that are in force. */
export function followCredentials(
  connection: Pick<RedisConnection, 'useCredentials'>,
  settings: RedisSettings,
  secrets: SecretSource,
): void {
  let inForce = redisCredentials(settings, secrets.current);
  secrets.onChange(() => {
    const next = redisCredentials(settings, secrets.current);
    if (isDeepStrictEqual(next, inForce)) return;
    inForce = next;
    connection.useCredentials(next);
  });
}
