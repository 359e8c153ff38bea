import { type RedisProcess, startRedis } from '@smart-router/test-processes';
import { openRedisHarness, type RedisHarness } from '../testing/redis-harness';
import { StoreUnderTest, TEST_TIMINGS } from '../testing/store-harness';

const HOUR_MS = 3_600_000;

let redis: RedisProcess;
let harness: RedisHarness;
let t: StoreUnderTest;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  t = await StoreUnderTest.open(async () => (harness = await openRedisHarness(redis.url)));
  await t.register('pod-g', 'gold');
  await t.granted('call-1', ['gold']);
  await setClockBack();
});
afterEach(() => t.close());

/** What was written before the clock of Redis went back an hour: every end lies an hour further away. */
async function setClockBack(): Promise<void> {
  const { client } = harness.connection;
  for (const key of ['call:call-1', 'lease:pod-g'].map((name) => harness.prefix + name)) {
    await client.pexpire(key, (await client.pttl(key)) + HOUR_MS);
  }
  await client.zincrby(`${harness.prefix}calls:expiry`, HOUR_MS, 'call-1');
}

describe('a clock that went back an hour', () => {
  it('lets leases last as much longer, and not for ever', async () => {
    await t.advance(HOUR_MS);
    expect((await t.store.expireLeases(t.epoch, 10)).endedCalls).toEqual([]);
    await t.advance(TEST_TIMINGS.leaseMs + 5_000);
    expect((await t.store.expireLeases(t.epoch, 10)).endedCalls).toEqual([{ callSid: 'call-1', podName: 'pod-g' }]);
    expect(await t.stats('gold')).toMatchObject({ available: 1, activeCalls: 0 });
  });

  it('is made up for by the next heartbeat', async () => {
    await t.store.heartbeat('call-1');
    await t.advance(TEST_TIMINGS.leaseMs + 5_000);
    expect((await t.store.expireLeases(t.epoch, 10)).endedCalls).toHaveLength(1);
  });

  it('does not keep a call from being released', async () => {
    expect(await t.store.release('call-1')).toMatchObject({ kind: 'released' });
    expect(await t.stats('gold')).toMatchObject({ available: 1, activeCalls: 0 });
  });
});
