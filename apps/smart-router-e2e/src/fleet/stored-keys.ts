import { Redis } from 'ioredis';

/** A connection to look at the keys and to edit them by hand, as operators do. End it with `disconnect()`. */
export function openKeys(url: string): Redis {
  return new Redis(url, { maxRetriesPerRequest: 1 });
}

/** All keys of a pattern, without blocking the server. */
export async function keysOf(redis: Redis, pattern: string): Promise<string[]> {
  const found = new Set<string>();
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 500);
    for (const key of keys) found.add(key);
    cursor = next;
  } while (cursor !== '0');
  return [...found].sort();
}

/** The marks of what was released or ended stay for two minutes, for replicas that tell of it after a failover. */
const LONGEST_MARK_MS = 120_000;

/** Keys whose names hold one of these texts, but for marks that run out by themselves soon. */
export async function lastingKeysOf(redis: Redis, ...texts: readonly string[]): Promise<string[]> {
  const keys = (await keysOf(redis, '*')).filter((key) => texts.some((text) => key.includes(text)));
  const remaining = await Promise.all(keys.map((key) => redis.pttl(key)));
  return keys.filter((key, index) => {
    const ms = remaining[index] ?? -1;
    return !key.includes(':released') || ms < 0 || ms > LONGEST_MARK_MS;
  });
}

/** Members of a shared pool with the number of their live calls. */
export async function scoresOf(redis: Redis, key: string): Promise<Record<string, number>> {
  const flat = (await redis.zrange(key, '0', '-1', 'WITHSCORES')).flat().map(String);
  const pairs = flat.flatMap((member, index) => (index % 2 ? [] : [[member, Number(flat[index + 1])]]));
  return Object.fromEntries(pairs) as Record<string, number>;
}

/** Which calls each pod holds, read from the records of the calls alone. */
export async function callsByPod(redis: Redis, prefix = 'voice:'): Promise<Record<string, string[]>> {
  const keys = await keysOf(redis, `${prefix}call:*`);
  const calls: Record<string, string[]> = {};
  for (const key of keys) {
    const podName = await redis.hget(key, 'pod_name');
    if (podName !== null) (calls[podName] ??= []).push(key.slice(`${prefix}call:`.length));
  }
  return calls;
}
