import { RecordingLogger } from '@smart-router/logging/testing';
import type { RoutingStore } from '@smart-router/routing-store';
import { openRedisHarness, type RedisHarness } from '@smart-router/routing-store/testing';
import { systemClock } from '@smart-router/scheduling';
import { askRedis, type RedisProcess, startRedis } from '@smart-router/testbed';
import { LeaseSweeper } from './lease-sweeper';
import { ReconcilerState } from './reconciler-state';
import { Reconciler } from './reconciler';
import { FakePodSource, podNames } from '../testing/fake-pod-source';
import { FakeTierConfig } from '../testing/fake-tier-config';
import { RecordingObserver } from '../testing/recording-observer';
import { sampleTierConfig } from '../testing/sample-tier-config';

const signal = new AbortController().signal;

interface Cost {
  readonly scripts: number;
  /** Commands of Redis, those within scripts among them. */
  readonly commands: number;
  /** Time that Redis worked. */
  readonly microseconds: number;
}

describe('the cost of leader work', () => {
  let redis: RedisProcess;
  let harness: RedisHarness;
  let store: RoutingStore;
  const source = new FakePodSource();
  const logger = new RecordingLogger();
  const observer = new RecordingObserver();

  beforeEach(async () => {
    redis = await startRedis();
    harness = await openRedisHarness(redis.url);
    store = harness.store;
  });

  afterEach(async () => {
    await harness.close();
    await redis.stop();
  });

  async function startReconciler(): Promise<Reconciler> {
    const tierConfig = new FakeTierConfig(sampleTierConfig({ gold: { target: 100 }, overflow: {} }));
    const ports = { store, source, tierConfig, observer, logger, clock: systemClock };
    return new Reconciler(ports, await store.leadership.claimEpoch(), new ReconcilerState(systemClock.now()));
  }

  async function spent(): Promise<Cost> {
    const stats = (await askRedis(redis.port, 'INFO commandstats')).matchAll(/cmdstat_(\S+):calls=(\d+),usec=(\d+)/g);
    const all = [...stats].map(([, name = '', calls, usec]) => ({
      // A script that Redis does not know yet is sent once as a whole.
      isScript: /^eval(sha)?$/.test(name),
      calls: Number(calls),
      microseconds: Number(usec),
    }));
    const scripts = all.filter(({ isScript }) => isScript);
    return {
      scripts: sum(scripts.map(({ calls }) => calls)),
      commands: sum(all.map(({ calls }) => calls)),
      microseconds: sum(scripts.map(({ microseconds }) => microseconds)),
    };
  }

  async function costOf(work: () => Promise<unknown>): Promise<Cost> {
    const before = await spent();
    await work();
    const after = await spent();
    return {
      scripts: after.scripts - before.scripts,
      commands: after.commands - before.commands,
      microseconds: after.microseconds - before.microseconds,
    };
  }

  it('of a change of one pod does not follow the number of pods', async () => {
    const reconciler = await startReconciler();
    source.set(...podNames(1_000));
    await reconciler.resync(signal);
    await reconciler.reconcilePods(new Map([['pod-1', 'seen']]), signal);
    source.set(...podNames(1_001));
    const { scripts } = await costOf(() => reconciler.reconcilePods(new Map([['pod-1001', 'seen']]), signal));
    // One to read the pod, one for the counts of the pools, one to register it.
    expect(scripts).toBe(3);
  });

  it('of a resync where all is in order is a small part of a script for each pod', async () => {
    const reconciler = await startReconciler();
    source.set(...podNames(1_000));
    await reconciler.resync(signal);
    const { scripts } = await costOf(() => reconciler.resync(signal));
    expect(scripts).toBeLessThan(150);
  });

  it('of the end of ten leases is the same among a hundred and among a hundred thousand, within a factor of two', async () => {
    const epoch = await store.leadership.claimEpoch();
    await store.pods.configurePool(epoch, 'wide', { type: 'shared', maxConcurrent: 100 });
    await store.pods.registerPod(epoch, { podName: 'pod-1', incarnation: 'a', ready: true, pool: 'wide' });
    const sweeper = new LeaseSweeper(
      { store, observer, logger, clock: systemClock },
      { epoch, massExpiryHoldMs: 120_000 },
    );
    await addLeases(0, 90);
    const few = await leastCostOfExpiry(sweeper);
    await addLeases(90, 99_990);
    const many = await leastCostOfExpiry(sweeper);
    expect(many.scripts).toBe(few.scripts);
    expect(many.commands).toBeLessThan(2 * few.commands);
    // No command among them that walks over all leases: that would take a thousand times as long.
    expect(many.microseconds).toBeLessThan(20 * few.microseconds);
  });

  /** Entries of calls whose leases last for an hour. */
  async function addLeases(from: number, to: number): Promise<void> {
    const hourAhead = Date.now() + 3_600_000;
    for (let start = from; start < to; start += 1_000) {
      const names = Array.from({ length: Math.min(1_000, to - start) }, (_, i) => `${hourAhead} long-${start + i}`);
      await askRedis(redis.port, `ZADD ${harness.prefix}calls:expiry ${names.join(' ')}`);
    }
  }

  /** Of several sweeps that end ten calls each: the least is the one that nothing else has disturbed. */
  async function leastCostOfExpiry(sweeper: LeaseSweeper): Promise<Cost> {
    const costs: Cost[] = [];
    for (let round = 0; round < 9; round++) {
      for (let i = 0; i < 10; i++) {
        const command = { callSid: `due-${i}`, merchantId: '', chain: ['wide'], knownMerchantConfig: null };
        expect((await store.calls.allocate(command)).kind).toBe('allocated');
        await askRedis(redis.port, `ZADD ${harness.prefix}calls:expiry 1 ${command.callSid}`);
      }
      costs.push(await costOf(() => sweeper.sweep(signal)));
      expect(await store.reader.call('due-0')).toBeNull();
    }
    return costs.reduce((least, cost) => (cost.microseconds < least.microseconds ? cost : least));
  }
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
