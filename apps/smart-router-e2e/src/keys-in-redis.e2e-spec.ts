import { waitFor } from '@smart-router/testbed';
import type { Redis } from 'ioredis';
import { BASIC_MAX_CONCURRENT, POD_NAMES } from './fleet/environment';
import { type DistributedFleet, podsAssigned, startDistributedFleet } from './fleet/fleet';
import { resetFleet } from './fleet/reset';
import { keysOf, openKeys, scoresOf } from './fleet/stored-keys';

const DAY_SECONDS = 86_400;
const SIX_MINUTES_SECONDS = 360;

describe('the keys that operators read and repair', () => {
  let fleet: DistributedFleet;
  let redis: Redis;

  beforeAll(async () => {
    fleet = await startDistributedFleet({ env: { RECONCILE_INTERVAL: '1s' } });
    redis = openKeys(fleet.redis.url);
  });

  afterEach(() => resetFleet(fleet.first));

  afterAll(async () => {
    redis?.disconnect();
    await fleet?.stop();
  });

  const basicPods = async (): Promise<string[]> => (await redis.smembers('voice:pool:basic:assigned')).sort();

  const isOffered = (podName: string): Promise<unknown> =>
    waitFor(() => redis.sismember('voice:pool:standard:available', podName), {
      timeoutMs: 20_000,
      description: 'the standard pod to be available again',
    });

  it('hold where each pod belongs', async () => {
    expect(await redis.scard('voice:pool:gold:assigned')).toBe(1);
    expect(await redis.scard('voice:pool:standard:assigned')).toBe(1);
    expect(await basicPods()).toHaveLength(3);
    expect(await redis.smembers('voice:pool:gold:available')).toEqual(await redis.smembers('voice:pool:gold:assigned'));
    for (const podName of POD_NAMES) {
      const tier = await redis.get(`voice:pod:tier:${podName}`);
      expect(await redis.sismember(`voice:pool:${tier}:assigned`, podName)).toBe(1);
      expect(await redis.hgetall(`voice:pod:${podName}`)).toMatchObject({ status: 'available' });
    }
  });

  it('begin with the prefix, all of them', async () => {
    await fleet.first.allocated('prefix-1');
    expect((await keysOf(redis, '*')).filter((key) => !key.startsWith('voice:'))).toEqual([]);
  });

  it('hold a call, its pod and its lease while it lives, and none of them afterwards', async () => {
    const { pod_name, allocated_at } = await fleet.first.allocated('test-default-001');
    expect(await redis.hgetall('voice:call:test-default-001')).toMatchObject({
      pod_name,
      source_pool: 'standard',
      merchant_id: '',
      allocated_at: String(allocated_at),
    });
    expect(await redis.get(`voice:lease:${pod_name}`)).toBe('test-default-001');
    expect(await redis.hgetall(`voice:pod:${pod_name}`)).toMatchObject({
      status: 'allocated',
      allocated_call_sid: 'test-default-001',
      allocated_at: String(allocated_at),
      source_pool: 'standard',
    });
    expect(await redis.smembers('voice:pool:standard:available')).toEqual([]);
    for (const key of ['voice:call:test-default-001', `voice:lease:${pod_name}`]) {
      const seconds = await redis.ttl(key);
      expect(seconds > 0 && seconds <= DAY_SECONDS).toBe(true);
    }
    await fleet.second.release('test-default-001');
    expect(await redis.smembers('voice:pool:standard:available')).toEqual([pod_name]);
    expect(await redis.exists('voice:call:test-default-001', `voice:lease:${pod_name}`)).toBe(0);
    expect(await redis.hgetall(`voice:pod:${pod_name}`)).toMatchObject({
      status: 'available',
      released_at: expect.any(String),
    });
  });

  it('take a pod once when many ask for one call', async () => {
    const { first, second } = fleet;
    await Promise.all([first, second, first, second, first].map((api) => api.allocated('test-race-001')));
    expect(await keysOf(redis, 'voice:call:*')).toEqual(['voice:call:test-race-001']);
    expect(await keysOf(redis, 'voice:lease:*')).toHaveLength(1);
  });

  it('score a shared pod with the number of its live calls', async () => {
    await redis.hset('voice:merchant:config', 'basic-merchant', '{"tier":"basic"}');
    const [shared = '', ...others] = await basicPods();
    await Promise.all(others.map((podName) => fleet.first.drain(podName)));
    expect(await scoresOf(redis, 'voice:pool:basic:available')).toEqual({ [shared]: 0 });
    for (let calls = 1; calls <= BASIC_MAX_CONCURRENT; calls++) {
      const { pod_name } = await fleet.first.allocated(`test-shared-${calls}`, 'basic-merchant');
      expect({ pod_name, scores: await scoresOf(redis, 'voice:pool:basic:available') }).toEqual({
        pod_name: shared,
        scores: { [shared]: calls },
      });
    }
    const fourth = await fleet.second.allocate({ call_sid: 'test-shared-4', merchant_id: 'basic-merchant' });
    expect(fourth.status).toBe(503);
    for (let calls = 1; calls <= BASIC_MAX_CONCURRENT; calls++) await fleet.second.release(`test-shared-${calls}`);
    expect(await scoresOf(redis, 'voice:pool:basic:available')).toEqual({ [shared]: 0 });
  });

  it('change the tier of a merchant on the very next call of either process', async () => {
    for (const [index, api] of [fleet.first, fleet.second, fleet.first, fleet.second].entries()) {
      for (const tier of ['gold', 'standard', 'basic']) {
        await redis.hset('voice:merchant:config', 'merchant-gold-test', JSON.stringify({ tier }));
        const call = `merchant-${tier}-${index}`;
        expect((await api.allocated(call, 'merchant-gold-test')).source_pool).toBe(`pool:${tier}`);
        await api.release(call);
      }
    }
    await redis.hdel('voice:merchant:config', 'merchant-gold-test');
    expect((await fleet.first.allocated('merchant-none', 'merchant-gold-test')).source_pool).toBe('pool:standard');
  });

  it.each(['{"tier":', '[]', 'null', '"gold"', '{"tier":7}', '', '{"tier":"platinum"}'])(
    'serve a merchant by the default chain when its config is %j',
    async (text) => {
      await redis.hset('voice:merchant:config', 'broken', text);
      expect((await fleet.first.allocated('broken-1', 'broken')).source_pool).toBe('pool:standard');
    },
  );

  it('mark a drained pod for six minutes', async () => {
    const [podName = ''] = await redis.smembers('voice:pool:standard:available');
    await fleet.first.drain(podName);
    expect(await redis.get(`voice:pod:draining:${podName}`)).toBe('1');
    const seconds = await redis.ttl(`voice:pod:draining:${podName}`);
    expect(seconds > SIX_MINUTES_SECONDS - 60 && seconds <= SIX_MINUTES_SECONDS).toBe(true);
    expect((await fleet.second.allocated('test-drain-skip-001')).pod_name).not.toBe(podName);
  });

  it('give a drained pod back when its mark is deleted by hand', async () => {
    const [podName = ''] = await redis.smembers('voice:pool:standard:available');
    await fleet.first.drain(podName);
    await redis.del(`voice:pod:draining:${podName}`);
    await isOffered(podName);
    expect((await fleet.second.allocated('test-drain-002')).pod_name).toBe(podName);
  });

  it('drain a pod at once when its mark is set by hand', async () => {
    const [podName = ''] = await redis.smembers('voice:pool:standard:available');
    await redis.set(`voice:pod:draining:${podName}`, '1');
    expect((await fleet.first.allocated('test-drain-003')).pod_name).not.toBe(podName);
    await redis.del(`voice:pod:draining:${podName}`);
    await isOffered(podName);
  });

  it.each(['voice:call:test-hangs-001', 'voice:lease:{pod}'])(
    'give the pod of a call that hangs back when %s is deleted by hand',
    async (pattern) => {
      const { pod_name } = await fleet.first.allocated('test-hangs-001');
      await redis.del(pattern.replace('{pod}', pod_name));
      await isOffered(pod_name);
      expect(await redis.exists('voice:call:test-hangs-001', `voice:lease:${pod_name}`)).toBe(0);
      expect((await fleet.first.release('test-hangs-001')).status).toBe(404);
      expect((await fleet.first.status()).body.active_calls).toBe(0);
    },
  );

  it('are put right when a pod was taken out of its pool by hand', async () => {
    const [podName = ''] = await redis.smembers('voice:pool:standard:available');
    await redis
      .multi()
      .srem('voice:pool:standard:available', podName)
      .srem('voice:pool:standard:assigned', podName)
      .exec();
    await isOffered(podName);
    expect(await redis.sismember('voice:pool:standard:assigned', podName)).toBe(1);
  });

  it('give no pod that was put into a pool by hand, and lose it again', async () => {
    const [gold = ''] = await redis.smembers('voice:pool:gold:available');
    await redis.sadd('voice:pool:standard:available', 'foreign', gold);
    const { pod_name } = await fleet.first.allocated('test-foreign-001');
    expect(await redis.get(`voice:pod:tier:${pod_name}`)).not.toBe('gold');
    expect(POD_NAMES).toContain(pod_name);
    await fleet.first.release('test-foreign-001');
    await waitFor(async () => (await redis.scard('voice:pool:standard:available')) === 1, {
      timeoutMs: 20_000,
      description: 'the foreign members to be removed',
    });
  });

  it('name the leader, and are written again within the interval when everything was flushed', async () => {
    expect(await redis.hgetall('voice:leader')).toEqual({
      identity: expect.any(String),
      epoch: '1',
      since: expect.stringMatching(/^\d{13}$/),
    });
    const { pod_name } = await fleet.first.allocated('test-flush-001');
    await redis.flushall();
    await podsAssigned(fleet.second, POD_NAMES.length);
    const restored = async () => (await fleet.second.call('test-flush-001')).body.pod_name === pod_name;
    await waitFor(restored, { timeoutMs: 20_000, description: 'the call of a moment ago to be known again' });
    expect((await fleet.second.release('test-flush-001')).status).toBe(200);
    const served = async () => (await fleet.second.allocate({ call_sid: 'test-flush-002' })).body.source_pool;
    expect(await waitFor(served, { timeoutMs: 20_000, description: 'pods to be offered' })).toBe('pool:standard');
  });
});
