import {
  type ApiClient,
  type AppProcess,
  type RedisCluster,
  type RedisProcess,
  startRedis,
  startRedisCluster,
} from '@smart-router/testbed';
import { Cluster } from 'ioredis';
import { startCombined } from './fleet/fleet';
import { callsByPod, keysOf, openKeys } from './fleet/stored-keys';

describe('one process with API and leader work on Redis', () => {
  let redis: RedisProcess;
  let app: AppProcess | undefined;

  beforeAll(async () => {
    redis = await startRedis();
  });

  afterEach(() => app?.kill());
  afterAll(() => redis?.stop());

  it('has pods as soon as it says that it is ready', async () => {
    const started = await startCombined({ REDIS_URL: redis.url, REDIS_KEY_PREFIX: 'ready:' });
    app = started.app;
    expect((await started.api.allocated('first-1')).source_pool).toBe('pool:standard');
    expect((await started.api.status()).body).toMatchObject({ is_leader: true, store: { kind: 'redis' } });
  });

  it('keeps calls over a restart, and leads with a higher epoch', async () => {
    const env = { REDIS_URL: redis.url, REDIS_KEY_PREFIX: 'restart:' };
    const before = await startCombined(env);
    app = before.app;
    const { pod_name } = await before.api.allocated('restart-1');
    await before.app.kill();
    const after = await startCombined(env);
    app = after.app;
    expect(await after.api.allocated('restart-1')).toMatchObject({ pod_name, was_existing: true });
    expect((await after.api.status()).body.leader?.epoch).toBe(2);
  });

  it('uses no key outside of its prefix', async () => {
    const started = await startCombined({ REDIS_URL: redis.url, REDIS_KEY_PREFIX: 'tenant-7:' });
    app = started.app;
    const keys = openKeys(redis.url);
    try {
      await keys.flushall();
      await started.api.reconcile();
      await started.api.tierConfig();
      await started.api.putMerchant('acme', { tier: 'gold' });
      await started.api.allocate({ call_sid: 'prefix-1', merchant_id: 'acme' });
      expect(await keysOf(keys, '[^t]*')).toEqual([]);
      expect((await keysOf(keys, 'tenant-7:*')).length).toBeGreaterThan(0);
    } finally {
      keys.disconnect();
    }
  });
});

describe('one process with API and leader work on a cluster of Redis', () => {
  let cluster: RedisCluster;
  let app: AppProcess;
  let api: ApiClient;

  beforeAll(async () => {
    cluster = await startRedisCluster({ nodes: 3 });
    const env = { REDIS_URL: cluster.url, REDIS_MODE: 'cluster', REDIS_KEY_PREFIX: '{voice}:' };
    ({ app, api } = await startCombined(env));
  });

  afterAll(async () => {
    await app?.kill();
    await cluster?.stop();
  });

  it('allocates, releases and drains', async () => {
    const { pod_name } = await api.allocated('cluster-1');
    expect(await api.allocated('cluster-1')).toMatchObject({ pod_name, was_existing: true });
    expect((await api.drain(pod_name)).body.has_active_call).toBe(true);
    expect((await api.release('cluster-1')).body).toMatchObject({ pod_name, was_draining: true });
    expect((await api.allocated('cluster-2')).pod_name).not.toBe(pod_name);
    await api.undrain(pod_name);
    expect((await api.allocated('cluster-3')).pod_name).toBe(pod_name);
    expect((await api.status()).body).toMatchObject({ status: 'up', active_calls: 2 });
  });

  it('keeps all keys on one node', async () => {
    const nodes = new Cluster([...cluster.urls]);
    try {
      await nodes.ping();
      const counts = await Promise.all(nodes.nodes('master').map(async (node) => await callsByPod(node, '{voice}:')));
      expect(counts.filter((calls) => Object.keys(calls).length > 0)).toHaveLength(1);
    } finally {
      nodes.disconnect();
    }
  });
});
