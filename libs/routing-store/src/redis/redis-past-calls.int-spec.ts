import { type RedisProcess, startRedis } from '@smart-router/testbed';
import { Redis } from 'ioredis';
import { PAST_CALL_MS, PAST_CALLS_A_MINUTE } from '../domain/past-calls';
import { openRedisHarness, type RedisHarness } from '../testing/redis-harness';
import { StoreUnderTest } from '../testing/store-harness';

let redis: RedisProcess;
let admin: Redis;
let harness: RedisHarness;
let t: StoreUnderTest;
beforeAll(async () => {
  redis = await startRedis();
  admin = new Redis(redis.url);
});
afterAll(async () => {
  admin.disconnect();
  await redis.stop();
});
beforeEach(async () => {
  t = await StoreUnderTest.open(async () => (harness = await openRedisHarness(redis.url)));
  await t.register('pod-g', 'gold');
  await t.register('pod-b', 'basic');
});
afterEach(() => t.close());

const client = () => harness.connection.client;
const key = (name: string) => harness.prefix + name;
const reasonOf = async (callSid: string) => {
  const found = await t.store.reader.findCall(callSid);
  return found?.kind === 'ended' ? found.call.reason : found?.kind;
};

describe('what is remembered of calls in Redis', () => {
  it('is a JSON text that operators can read, and runs out', async () => {
    await t.allocate('call-1', ['gold'], { merchantId: 'acme', provider: 'twi"lio' });
    await t.store.calls.release('call-1');
    expect(JSON.parse((await client().get(key('past:call-1'))) ?? '')).toEqual({
      status: 'ended',
      reason: 'released',
      at: expect.stringMatching(/^\d{10}$/),
      pod_name: 'pod-g',
      source_pool: 'gold',
      merchant_id: 'acme',
      provider: 'twi"lio',
      allocated_at: expect.stringMatching(/^\d{10}$/),
      decision: 'gold=granted',
    });
    const remaining = await client().pttl(key('past:call-1'));
    expect(remaining).toBeGreaterThan(PAST_CALL_MS - 60_000);
    expect(remaining).toBeLessThanOrEqual(PAST_CALL_MS);
  });

  it.each([
    ['ended', () => t.granted('call-1', ['gold']).then(() => t.store.calls.release('call-1'))],
    ['refused', () => t.allocate('call-1', ['nowhere'])],
  ] as const)('is at most what a minute allows of calls that have %s', async (kind, happen) => {
    const counter = key(`calls:past:${kind}`);
    await client().set(counter, PAST_CALLS_A_MINUTE[kind] - 1, 'PX', 60_000);
    await happen();
    expect((await t.store.reader.findCall('call-1'))?.kind).toBe(kind);
    await happen();
    expect(await t.store.reader.findCall('call-1')).toBeNull();
    await client().del(counter);
    await happen();
    expect((await t.store.reader.findCall('call-1'))?.kind).toBe(kind);
    expect(await client().pttl(counter)).toBeGreaterThan(0);
  });

  it('keeps being counted where a hand has taken the end of the minute away', async () => {
    await client().set(key('calls:past:refused'), PAST_CALLS_A_MINUTE.refused);
    await t.allocate('call-1', ['nowhere']);
    expect(await client().pttl(key('calls:past:refused'))).toBeGreaterThan(0);
  });

  it('is not shown from a text that was written by hand', async () => {
    for (const text of ['not json', 'null', '7', '{}', '{"status":"alive"}']) {
      await client().set(key('past:call-1'), text);
      expect(await t.store.reader.findCall('call-1')).toBeNull();
    }
  });

  it('says that the record or the lease of a call was deleted by hand', async () => {
    await t.granted('call-1', ['gold']);
    await t.granted('call-2', ['basic']);
    await client().del(key('call:call-1'), key('lease:pod-b'));
    for (const pod of ['pod-g', 'pod-b']) await t.store.pods.repairPod(t.epoch, pod);
    expect(await t.store.reader.findCall('call-1')).toMatchObject({
      call: { reason: 'key_deleted', podName: 'pod-g', pool: null, allocatedAt: null },
    });
    expect(await t.store.reader.findCall('call-2')).toMatchObject({ call: { reason: 'key_deleted', pool: 'basic' } });
  });

  it('says so of a lost lease also where another call ends on the pod', async () => {
    await t.granted('call-1', ['basic']);
    await t.granted('call-2', ['basic']);
    await client().del(key('lease:pod-b'));
    await t.store.calls.release('call-1');
    expect([await reasonOf('call-1'), await reasonOf('call-2')]).toEqual(['released', 'key_deleted']);
  });

  it('says so where the call was allocated again before the repair', async () => {
    await t.granted('call-1', ['gold']);
    await client().del(key('call:call-1'));
    await t.allocate('call-1', ['nowhere']);
    expect(await t.stats('gold')).toMatchObject({ available: 1, activeCalls: 0 });
    expect(await reasonOf('call-1')).toBe('refused');
  });

  it('is nothing, and fails nothing, where Redis has no memory left', async () => {
    await t.allocate('call-1', ['nowhere']);
    await t.granted('call-2', ['gold']);
    await admin.config('SET', 'maxmemory', '1');
    try {
      expect(await t.allocate('call-1', ['nowhere'])).toMatchObject({ kind: 'no-capacity' });
      expect(await t.store.reader.findCall('call-1')).toBeNull();
      expect(await t.store.calls.release('call-2')).toMatchObject({ kind: 'released' });
    } finally {
      await admin.config('SET', 'maxmemory', '0');
    }
  });

  it('is written by two commands, and read by one that the end of a call needs anyway', async () => {
    await t.granted('call-1', ['gold']);
    await client().config('RESETSTAT');
    await t.store.calls.release('call-1');
    const stats = await client().info('commandstats');
    const countOf = (name: string) => Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
    // One SET is the mark of the ended grant. Whether the pod drains is asked together with the hold.
    expect(
      Object.fromEntries(['hmget', 'incr', 'set', 'exists', 'pexpire'].map((name) => [name, countOf(name)])),
    ).toEqual({
      ...{ hmget: 1, incr: 1, set: 2, exists: 1 },
      // At the first call of a minute.
      pexpire: 1,
    });
  });
});
