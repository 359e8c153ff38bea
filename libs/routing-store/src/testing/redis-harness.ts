import type { RedisConnection } from '@smart-router/redis';
import { connectRedis } from '@smart-router/redis/testing';
import { RedisRoutingStore } from '../redis/redis-routing-store';
import type { StoreTimings } from '../domain/routing-store';
import type { StoreHarness } from './store-harness';
import { TEST_TIMINGS } from './store-harness';

const SILENT = { info: () => undefined, warn: () => undefined };

export interface RedisHarness extends StoreHarness {
  readonly connection: RedisConnection;
  readonly prefix: string;
}

let prefixes = 0;

/** A process that stands still for a moment must not look like a Redis that does not answer. */
export const PATIENT_LIMITS = { startTimeoutMs: 10_000, commandTimeoutMs: 5_000 };

/** A store of its own, by its own key prefix, in the Redis at `url`; a cluster's prefix holds a hash tag. */
export async function openRedisHarness(
  url: string,
  auditLength = 0,
  timings: StoreTimings = TEST_TIMINGS,
): Promise<RedisHarness> {
  const connection = await connectRedis({ url, ...PATIENT_LIMITS, logger: SILENT });
  const prefix = url.includes(',') ? `{store-${++prefixes}}:` : `store-${++prefixes}:`;
  const store = new RedisRoutingStore(connection, { keyPrefix: prefix, timings, auditLength });
  return {
    store,
    connection,
    prefix,
    advance: (ms) => ageKeys(connection, prefix, ms),
    close: () => store.close(),
  };
}

/** All keys of the store, on the node that holds them. */
export async function keysOf(connection: RedisConnection, prefix: string): Promise<string[]> {
  const { client } = connection;
  const nodes = 'nodes' in client ? client.nodes('master') : [client];
  const keys = await Promise.all(nodes.map((node) => node.keys(`${prefix.replace(/[{}]/g, '?')}*`)));
  return keys.flat();
}

/**
 * Redis's clock cannot be moved, so everything that runs out is brought nearer instead: the lifetimes of keys, and
 * the times in the indexes.
 */
async function ageKeys(connection: RedisConnection, prefix: string, ms: number): Promise<void> {
  const { client } = connection;
  for (const key of await keysOf(connection, prefix)) {
    const remaining = await client.pttl(key);
    if (remaining > ms) await client.pexpire(key, remaining - ms);
    else if (remaining > 0) await client.del(key);
    const mark = key.startsWith(`${prefix}ended:`) && (await client.get(key));
    if (mark) await client.set(key, agedEndMark(mark, ms), 'KEEPTTL');
  }
  for (const index of [`${prefix}calls:expiry`, `${prefix}pods:draining`]) {
    for (const member of await client.zrange(index, 0, '-1')) await client.zincrby(index, -ms, member);
  }
}

/** The mark of an ended call, as if this time had passed: it names the ends of its owners, beside its own lifetime. */
export function agedEndMark(mark: string, ms: number): string {
  return mark.replace(/=(\d+)/g, (_entry, untilMs: string) => `=${Number(untilMs) - ms}`);
}
