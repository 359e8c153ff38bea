import { type RedisProcess, startRedis } from '@smart-router/testbed';
import { keysOf, openRedisHarness, type RedisHarness } from '../testing/redis-harness';
import { StoreUnderTest } from '../testing/store-harness';

const MAX_UNKNOWN = 5_000;
const ATTACKS = 50_000;
/** A mark, with its name, its end and what Redis keeps beside it. */
const BYTES_PER_MARK = 300;
/** Tables of keys double while they grow. */
const OVERHEAD_BYTES = 512 * 1024;

describe('reports of calls that never were', () => {
  let redis: RedisProcess;
  let harness: RedisHarness;
  let t: StoreUnderTest;
  beforeAll(async () => {
    redis = await startRedis();
    t = await StoreUnderTest.open(async () => (harness = await openRedisHarness(redis.url)));
    await t.register('pod-1', 'gold');
  });
  afterAll(async () => {
    await t.close();
    await redis.stop();
  });

  let reports = 0;
  const client = () => harness.connection.client;
  const counter = (owner: string): string => `${harness.prefix}unknown-ends:${owner}`;
  const usedBytes = async (): Promise<number> => {
    const info = await client().info('memory');
    return Number(/used_memory_dataset:(\d+)/.exec(info)?.[1]);
  };
  const end = (callSid: string) =>
    t.store.calls.endCall({ callSid, owners: ['exotel'], maxUnknown: MAX_UNKNOWN }).then(({ kind }) => kind);

  it('leave bounded memory, and hinder no end of a call', async () => {
    const before = await usedBytes();
    const answers = new Map<string, number>();
    for (let sent = 0; sent < ATTACKS; sent += 1_000) {
      const batch = Array.from({ length: 1_000 }, (_, i) => end(`forged-${sent + i}`));
      for (const kind of await Promise.all(batch)) answers.set(kind, (answers.get(kind) ?? 0) + 1);
    }
    expect(Object.fromEntries(answers)).toEqual({
      'unknown-call': MAX_UNKNOWN,
      'too-many-unknown': ATTACKS - MAX_UNKNOWN,
    });
    const marks = (await keysOf(harness.connection, harness.prefix)).filter((key) => key.includes(':ended:'));
    expect(marks).toHaveLength(MAX_UNKNOWN);
    expect((await usedBytes()) - before).toBeLessThan(MAX_UNKNOWN * BYTES_PER_MARK + OVERHEAD_BYTES);

    await t.allocate('call-1', ['gold'], { provider: 'exotel' });
    expect(await end('call-1')).toBe('released');
    expect(await t.allocate('call-1', ['gold'], { provider: 'exotel' })).toEqual({ kind: 'call-ended' });
  }, 120_000);

  it.each([
    ['no number', () => client().set(counter('plivo'), 'x')],
    ['no count', () => client().set(counter('plivo'), '-05')],
    ['another type', () => client().rpush(counter('plivo'), 'x')],
    ['a count without an end', () => client().set(counter('plivo'), '1')],
  ])('are counted anew when a hand has put %s there', async (_name, write) => {
    await client().del(counter('plivo'));
    await write();
    const end = () => t.store.calls.endCall({ callSid: `reported-${++reports}`, owners: ['plivo'], maxUnknown: 1 });
    expect([await end(), await end()]).toEqual([{ kind: 'unknown-call' }, { kind: 'too-many-unknown' }]);
    expect(await client().pttl(counter('plivo'))).toBeGreaterThan(0);
  });
});
