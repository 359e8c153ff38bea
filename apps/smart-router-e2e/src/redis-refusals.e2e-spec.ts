import { waitFor } from '@smart-router/testbed';
import type { Redis } from 'ioredis';
import { type DistributedFleet, startDistributedFleet } from './fleet/fleet';
import { openKeys } from './fleet/stored-keys';

const UNAVAILABLE = { error: 'store unavailable', code: 'STORE_UNAVAILABLE', request_id: expect.any(String) };

/** Redis answers, but refuses what it is asked for. */
const REFUSALS: readonly {
  readonly name: string;
  readonly begin: (redis: Redis) => Promise<unknown>;
  readonly end: (redis: Redis) => Promise<unknown>;
}[] = [
  {
    name: 'is out of memory',
    begin: (redis) => redis.config('SET', 'maxmemory', '1'),
    end: (redis) => redis.config('SET', 'maxmemory', '0'),
  },
  {
    name: 'became a replica',
    begin: (redis) => redis.replicaof('127.0.0.1', 1),
    end: (redis) => redis.replicaof('NO', 'ONE'),
  },
  {
    name: 'has too few replicas to write',
    begin: (redis) => redis.config('SET', 'min-replicas-to-write', '1'),
    end: (redis) => redis.config('SET', 'min-replicas-to-write', '0'),
  },
];

describe('a Redis that refuses to write', () => {
  let fleet: DistributedFleet;
  let redis: Redis;

  beforeAll(async () => {
    fleet = await startDistributedFleet({ env: { RECONCILE_INTERVAL: '1s' } });
    redis = openKeys(fleet.redis.url);
  });

  afterAll(async () => {
    redis?.disconnect();
    await fleet?.stop();
  });

  it.each(REFUSALS)('since it $name is reported as unavailable, and used again by itself', async ({ begin, end }) => {
    const { first, second } = fleet;
    await first.allocated('kept-1');
    await begin(redis);
    for (const api of [first, second]) {
      const { status, body } = await api.allocate({ call_sid: 'refused-1' });
      expect({ status, body }).toEqual({ status: 502, body: UNAVAILABLE });
      expect((await api.probe('/health')).status).toBe(200);
    }
    await end(redis);
    for (const api of [first, second]) {
      await waitFor(async () => (await api.allocate({ call_sid: 'refused-1' })).status === 200, {
        timeoutMs: 20_000,
        description: 'calls to be allocated again',
      });
      expect((await api.call('kept-1')).body.status).toBe('active');
    }
    for (const call of ['kept-1', 'refused-1']) expect((await second.release(call)).status).toBe(200);
    expect((await second.status()).body).toMatchObject({ status: 'up', active_calls: 0 });
  });
});
