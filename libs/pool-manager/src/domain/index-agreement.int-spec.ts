import * as fc from 'fast-check';
import { RecordingLogger } from '@smart-router/logging/testing';
import {
  keysOf,
  keyViolations,
  openRedisHarness,
  type RedisHarness,
  snapshotOf,
  violationsOf,
} from '@smart-router/routing-store/testing';
import { systemClock } from '@smart-router/scheduling';
import { type RedisProcess, startRedis } from '@smart-router/testbed';
import { ReconcilerState } from './reconciler-state';
import { LeaseSweeper } from './lease-sweeper';
import { Reconciler } from './reconciler';
import { FakePodSource, podNames } from '../testing/fake-pod-source';
import { FakeTierConfig } from '../testing/fake-tier-config';
import { RecordingObserver } from '../testing/recording-observer';
import { sampleTierConfig } from '../testing/sample-tier-config';

// 200 fleets take some seconds. A longer search: INDEX_RUNS=5000; a replay: the seed that a failure prints.
const RUNS = Number(process.env['INDEX_RUNS'] ?? 200);
const SEED = process.env['INDEX_SEED'];

const signal = new AbortController().signal;
const PODS = podNames(8);
const CALLS = Array.from({ length: 10 }, (_, i) => `call-${i + 1}`);

/** Damage to one key, named by its place among all keys, so that a failure can be replayed. */
interface Damage {
  readonly key: number;
  readonly member: number;
  readonly kind: 'delete key' | 'delete member' | 'add member' | 'change value';
  readonly added: string;
}

const damage: fc.Arbitrary<Damage> = fc.record({
  key: fc.nat(999),
  member: fc.nat(999),
  kind: fc.constantFrom('delete key', 'delete member', 'add member', 'change value'),
  added: fc.constantFrom(...PODS, ...CALLS, 'unknown-1', 'unknown-2'),
});

const step = fc.tuple(fc.constantFrom('allocate', 'allocate', 'release', 'drain'), fc.nat(9));

/** A pod that has lost its pool takes its calls to another one, which may allow fewer. */
const ANY_LOAD: ReadonlyMap<string, number> = new Map(PODS.map((pod) => [pod, Infinity]));

/** What no reconcile finds again: who leads, and the order of what was. */
const NOT_OF_THE_FLEET = /^(leader|era|instance|calls:granted|ended:|released)/;

describe('indexes and what they are made from', () => {
  let redis: RedisProcess;
  let harness: RedisHarness;
  let reconciler: Reconciler;
  let sweeper: LeaseSweeper;
  const observer = new RecordingObserver();

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  async function open(): Promise<void> {
    harness = await openRedisHarness(redis.url);
    await harness.connection.client.flushdb();
    const source = new FakePodSource();
    source.set(...PODS);
    const tierConfig = new FakeTierConfig(
      sampleTierConfig({ gold: { target: 3 }, basic: { type: 'shared', maxConcurrent: 2, target: 2 }, overflow: {} }),
    );
    const { store } = harness;
    const ports = { store, source, tierConfig, observer, logger: new RecordingLogger(), clock: systemClock };
    const epoch = await store.leadership.claimEpoch();
    reconciler = new Reconciler(ports, epoch, new ReconcilerState(systemClock.now()));
    sweeper = new LeaseSweeper(ports, { epoch, massExpiryHoldMs: 60_000 });
    await reconcile();
  }

  /** What the leader does within one interval; a resync that asks for another at once gets it. */
  async function reconcile(): Promise<void> {
    await sweeper.sweep(signal);
    const { againAfterMs } = await reconciler.resync(signal);
    if (againAfterMs === 0) await reconciler.resync(signal);
  }

  async function act([operation, n]: readonly [string, number]): Promise<void> {
    const { store } = harness;
    const callSid = CALLS[n] as string;
    const chain = n % 2 ? ['gold', 'basic'] : ['basic', 'overflow'];
    if (operation === 'allocate')
      await store.calls.allocate({ callSid, merchantId: '', knownMerchantConfig: null, chain });
    if (operation === 'release') await store.calls.release(callSid);
    if (operation === 'drain') await store.drains.drain(PODS[n % PODS.length] as string);
  }

  async function membersOf(key: string): Promise<string[]> {
    const { client } = harness.connection;
    const type = await client.type(key);
    if (type === 'set') return (await client.smembers(key)).sort();
    if (type === 'zset') return client.zrange(key, 0, '-1');
    return type === 'hash' ? (await client.hkeys(key)).sort() : [];
  }

  async function inflict({ key: place, member, kind, added }: Damage): Promise<void> {
    const { client } = harness.connection;
    const all = (await keysOf(harness.connection, harness.prefix)).sort();
    const keys = all.filter((name) => !NOT_OF_THE_FLEET.test(name.slice(harness.prefix.length)));
    const key = keys[place % keys.length] as string;
    if (kind === 'delete key') return void (await client.del(key));
    if (kind === 'add member') return addMember(key, added, PODS[member % PODS.length] as string);
    const members = await membersOf(key);
    if (kind === 'delete member') await dropMember(key, members[member % members.length] ?? 'none');
    else await changeValue(key, members[member % members.length] ?? 'none', added);
  }

  async function addMember(key: string, added: string, pod: string): Promise<void> {
    const { client } = harness.connection;
    const type = await client.type(key);
    if (type === 'set') await client.sadd(key, added);
    if (type === 'zset') await client.zadd(key, Date.now() + 60_000, added);
    if (key.endsWith('calls:pod')) await client.hset(key, added, pod);
  }

  async function dropMember(key: string, chosen: string): Promise<void> {
    const { client } = harness.connection;
    const type = await client.type(key);
    if (type === 'set') await client.srem(key, chosen);
    if (type === 'zset') await client.zrem(key, chosen);
    if (type === 'hash') await client.hdel(key, chosen);
  }

  async function changeValue(key: string, field: string, value: string): Promise<void> {
    const { client } = harness.connection;
    const type = await client.type(key);
    if (type === 'string') await client.set(key, value);
    if (type === 'hash') await client.hset(key, field, value);
  }

  async function disagreements(): Promise<string[]> {
    const snapshot = await snapshotOf(harness.store);
    const { activeCalls, pools } = snapshot.stats;
    const held = snapshot.pods.flatMap(({ calls }) => calls).length;
    const counts = { activeCalls, listed: snapshot.calls.length, held, counted: sum(pools.map((p) => p.activeCalls)) };
    const isAgreed = new Set(Object.values(counts)).size === 1;
    return [
      ...(isAgreed ? [] : [JSON.stringify(counts)]),
      ...pools.flatMap(({ pool, available, policy }) => {
        const free = snapshot.pods.filter(
          (pod) => pod.pool === pool && pod.ready && !pod.isDraining && pod.calls.length < policy.maxConcurrent,
        );
        return free.length === available ? [] : [`${pool} offers ${available} of ${free.length} free pods`];
      }),
      ...violationsOf(snapshot, ANY_LOAD),
      ...(await keyViolations(harness.connection, harness.prefix)),
      ...(snapshot.pods.length === PODS.length ? [] : [`${snapshot.pods.length} pods`]),
    ];
  }

  it('agree within one reconcile whatever keys and members were deleted or added', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 15 }),
        fc.array(damage, { minLength: 1, maxLength: 6 }),
        fc.array(step, { maxLength: 4 }),
        async (before, damages, after) => {
          await open();
          try {
            for (const one of before) await act(one);
            expect(await disagreements()).toEqual([]);
            for (const one of damages) await inflict(one);
            for (const one of after) await act(one);
            await reconcile();
            expect(await disagreements()).toEqual([]);
            const corrections = observer.events.length;
            await reconcile();
            expect(observer.events.slice(corrections).filter((event) => /corrected|ended/.test(event))).toEqual([]);
          } finally {
            await harness.close();
          }
        },
      ),
      { numRuns: RUNS, endOnFailure: false, ...(SEED !== undefined && { seed: Number(SEED) }) },
    );
  }, 3_600_000);
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
