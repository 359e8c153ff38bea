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

/** What is remembered of a call that is over, for replicas that replay it after a failover and for people, and how long. */
const LONGEST_MS: Readonly<Record<string, number>> = { released: 120_000, past: 600_000 };

/** Keys whose names hold one of these texts, but for those of a call that is over, which run out by themselves soon. */
export async function lastingKeysOf(redis: Redis, ...texts: readonly string[]): Promise<string[]> {
  const keys = (await keysOf(redis, '*')).filter((key) => texts.some((text) => key.includes(text)));
  const remaining = await Promise.all(keys.map((key) => redis.pttl(key)));
  return keys.filter((key, index) => {
    const ms = remaining[index] ?? -1;
    return ms < 0 || ms > (LONGEST_MS[/:(released|past):/.exec(key)?.[1] ?? ''] ?? 0);
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
