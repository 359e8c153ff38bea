import { type RedisProcess, startRedis, waitFor } from '@smart-router/testbed';
import { StoreUnavailableError } from '../domain/errors';
import { openRedisHarness } from '../testing/redis-harness';
import { StoreUnderTest } from '../testing/store-harness';

let redis: RedisProcess;
let t: StoreUnderTest;
beforeEach(async () => {
  redis = await startRedis();
  t = await StoreUnderTest.open(() => openRedisHarness(redis.url));
  await t.register('pod-g', 'gold');
});
afterEach(async () => {
  await t.close();
  await redis.stop();
});

describe('an unreachable Redis', () => {
  it('is distinguished from every other failure, for each kind of operation', async () => {
    await redis.kill();
    for (const operation of [
      () => t.allocate('call-1', ['gold']),
      () => t.store.calls.release('call-1'),
      () => t.store.reader.fleetStats(),
      () => t.store.documents.readTierConfig(),
      () => t.store.ping(),
    ]) {
      await expect(operation()).rejects.toThrow(StoreUnavailableError);
    }
  });

  it('loses no script: operations continue after the scripts were flushed', async () => {
    await t.granted('call-1', ['gold']);
    const admin = await startFlush();
    expect(await t.store.calls.release('call-1')).toMatchObject({ kind: 'released' });
    await admin.close();
  });

  it('that lost all data gives the next leader an epoch above that of the current leader', async () => {
    for (let i = 0; i < 5; i++) await t.store.leadership.claimEpoch();
    const current = await t.store.leadership.claimEpoch();
    const admin = await openRedisHarness(redis.url);
    await admin.connection.client.flushall();
    await admin.close();
    await t.store.pods.configurePool(current, 'gold', { type: 'exclusive', maxConcurrent: 1 });
    const next = await t.store.leadership.claimEpoch();
    expect(next).toBeGreaterThan(current);
    expect(await t.store.pods.configurePool(next, 'gold', { type: 'shared', maxConcurrent: 2 })).toEqual({
      typeChanged: true,
    });
  });

  it('that hangs rejects in time, and is used again when it wakes', async () => {
    redis.pause();
    await expect(t.allocate('call-1', ['gold'])).rejects.toThrow(StoreUnavailableError);
    redis.resume();
    const outcome = await waitFor(() => t.allocate('call-1', ['gold']).catch(() => null), {
      description: 'Redis to be used again',
    });
    // Whether the first one was carried out is unknown; the call has its one pod either way.
    expect(outcome).toMatchObject({ grant: { podName: 'pod-g' } });
    expect(await t.stats('gold')).toMatchObject({ activeCalls: 1 });
  });
});

async function startFlush(): Promise<{ close(): Promise<void> }> {
  const other = await openRedisHarness(redis.url);
  const { client } = other.connection;
  if ('script' in client) await client.script('FLUSH');
  return other;
}
