import { type RedisProcess, startRedis } from '@smart-router/testbed';
import { openRedisHarness, type RedisHarness } from '../testing/redis-harness';
import { describeRoutingStoreContract } from '../testing/store-contract';
import { StoreUnderTest, TEST_TIMINGS } from '../testing/store-harness';

const AUDIT_LENGTH = 1_000;
const { leaseMs, callInfoMs } = TEST_TIMINGS;

let redis: RedisProcess;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

describeRoutingStoreContract('Redis with an audit', () => openRedisHarness(redis.url, AUDIT_LENGTH));

describe('the audit', () => {
  let harness: RedisHarness;
  let t: StoreUnderTest;

  const open = async (auditLength: number): Promise<void> => {
    t = await StoreUnderTest.open(async () => (harness = await openRedisHarness(redis.url, auditLength)));
    await t.register('pod-1', 'gold');
  };
  beforeEach(() => open(AUDIT_LENGTH));
  afterEach(() => t.close());

  const key = (name: string): string => harness.prefix + name;
  const records = async (): Promise<Record<string, string>[]> => {
    const entries = await harness.connection.client.xrange(key('audit'), '-', '+');
    return entries.map(([, fields]) =>
      Object.fromEntries(fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1] ?? '']] : []))),
    );
  };

  const NO_LIMIT = String(Number.MAX_SAFE_INTEGER);

  it('records the arguments and the result', async () => {
    const { allocatedAt, number } = await t.granted('call-1', ['merchant:none', 'gold']);

    const { time_ms, ...last } = (await records()).at(-1) ?? {};
    expect({
      ...last,
      arguments: JSON.parse(last['arguments'] ?? ''),
      result: JSON.parse(last['result'] ?? ''),
    }).toEqual({
      sequence: '5',
      operation: 'allocate',
      arguments: ['call-1', '', '', '', `${leaseMs}`, `${callInfoMs}`, NO_LIMIT, '', '', 'merchant:none', 'gold'],
      result: ['allocated', 'pod-1', 'gold', `${allocatedAt}`, 'merchant:none=unknown_pool,gold=granted', `${number}`],
    });
    expect(Math.floor(Number(time_ms) / 1000)).toBe(allocatedAt);
  });

  it('records every operation that can change something, in the order in which they took effect', async () => {
    const { store, epoch } = t;
    await store.leadership.announceLeader(epoch, 'me', 1_000);
    await store.calls.allocate({ callSid: 'call-1', merchantId: '', knownMerchantConfig: null, chain: ['gold'] });
    await store.calls.heartbeat('call-1');
    await store.calls.release('call-1');
    await store.calls.endCall({ callSid: 'call-1', owners: ['api'] });
    const grant = { podName: 'pod-1', pool: 'gold', allocatedAt: 1, number: 9 };
    await store.recovery.reassertCall({ callSid: 'call-2', grant, merchantId: '' });
    await store.recovery.reassertRelease({ callSid: 'call-2', upToNumber: 9 });
    await store.drains.drain('pod-1');
    await store.drains.undrain('pod-1');
    await store.pods.movePod(epoch, 'pod-1', 'basic', { onlyIdle: true });
    await store.pods.repairPod(epoch, 'pod-1');
    await store.pods.sweepPool(epoch, 'basic', null);
    await store.pods.sweepIndexes(epoch, null);
    await store.pods.expireLeases(epoch, 10);
    await store.pods.removePod(epoch, 'pod-1');
    await store.pods.removePool(epoch, 'basic');
    await store.leadership.resignLeader(epoch);

    const recorded = await records();
    expect(recorded.map(({ operation }) => operation)).toEqual([
      ...['claimEpoch', 'configurePool', 'configurePool', 'registerPod'],
      ...[
        'announceLeader',
        'allocate',
        'heartbeat',
        'release',
        'endCall',
        'reassertCall',
        'reassertRelease',
        'drain',
        'undrain',
        'movePod',
      ],
      ...['repairPod', 'sweepPool', 'sweepIndexes', 'expireLeases', 'removePod', 'removePool', 'resignLeader'],
    ]);
    expect(recorded.map(({ sequence }) => Number(sequence))).toEqual(recorded.map((_, index) => index + 1));
  });

  it('records nothing of what only reads', async () => {
    await t.store.reader.fleetStats();
    await t.store.reader.pods({ limit: 10 });
    await t.store.reader.calls({ limit: 10 });
    await t.store.reader.pod('pod-1');
    await t.store.reader.call('call-1');

    expect(await records()).toHaveLength(4);
  });

  it('keeps about as many operations as it may', async () => {
    await t.close();
    await open(10);
    for (let i = 0; i < 250; i += 1) await t.store.calls.heartbeat(`call-${i}`);

    const kept = await records();
    expect(kept.length).toBeGreaterThanOrEqual(10);
    // Redis drops whole blocks of 100.
    expect(kept.length).toBeLessThan(10 + 100);
    expect(kept.at(-1)).toMatchObject({ sequence: '254' });
  });

  it('leaves no key when it is off', async () => {
    await t.close();
    await open(0);

    expect(await harness.connection.client.exists(key('audit'), key('audit:sequence'))).toBe(0);
  });

  it('does not fail an operation that it cannot record, and leaves a gap in the sequence', async () => {
    const { client } = harness.connection;
    await client.set(key('audit'), 'no stream');
    await t.granted('call-1', ['gold']);
    await client.del(key('audit'));
    expect(await t.store.calls.release('call-1')).toMatchObject({ kind: 'released' });

    expect((await records()).map(({ sequence }) => sequence)).toEqual(['6']);
  });

  it('does not fail an operation when its sequence is no number', async () => {
    await harness.connection.client.set(key('audit:sequence'), 'no number');

    expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'allocated' });
    expect(await records()).toHaveLength(4);
  });
});
