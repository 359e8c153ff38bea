import { Test, type TestingModule } from '@nestjs/testing';
import { RecordingLogger } from '@smart-router/logging/testing';
import type { RoutingStore } from '@smart-router/routing-store';
import { ROUTING_STORE, RoutingStoreModule } from '@smart-router/routing-store/nest';
import { systemClock } from '@smart-router/scheduling';
import { activateSettings, loadSettings } from '@smart-router/settings';
import { StartupManager } from '@smart-router/startup/nest';
import { askRedis, type RedisProcess, startRedis } from '@smart-router/test-processes';
import { LeaseSweeper } from '../domain/lease-sweeper';
import { FleetMemory } from '../domain/fleet-memory';
import { Reconciler } from '../domain/reconciler';
import { FakePodSource, podNames } from '../testing/fake-pod-source';
import { FakeTierConfig } from '../testing/fake-tier-config';
import { RecordingObserver } from '../testing/recording-observer';
import { sampleTierConfig } from '../testing/sample-tier-config';

const signal = new AbortController().signal;

interface Cost {
  readonly scripts: number;
  /** Time that Redis worked. */
  readonly microseconds: number;
}

/** What work costs Redis, in scripts and in its own time: whatever else the machine does counts little. */
describe('the cost of leader work', () => {
  let redis: RedisProcess;
  let module: TestingModule;
  let store: RoutingStore;
  const source = new FakePodSource();
  const logger = new RecordingLogger();
  const observer = new RecordingObserver();

  beforeEach(async () => {
    redis = await startRedis();
    activateSettings(
      loadSettings({ REDIS_URL: redis.url, STATIC_PODS: 'unused', LOG_LEVEL: 'fatal' }, 'leader-worker'),
    );
    module = await Test.createTestingModule({ imports: [RoutingStoreModule] }).compile();
    await module.get(StartupManager, { strict: false }).start();
    store = module.get<RoutingStore>(ROUTING_STORE);
  });

  afterEach(async () => {
    await module.close();
    await redis.stop();
  });

  async function startReconciler(): Promise<Reconciler> {
    const tierConfig = new FakeTierConfig(sampleTierConfig({ gold: { target: 100 }, overflow: {} }));
    const ports = { store, source, tierConfig, observer, logger, clock: systemClock };
    return new Reconciler(ports, await store.claimEpoch(), new FleetMemory(systemClock.now()));
  }

  async function spent(): Promise<Cost> {
    // A script that Redis does not know yet is sent once as a whole.
    const stats = (await askRedis(redis.port, 'INFO commandstats')).matchAll(
      /cmdstat_(?:evalsha|eval):calls=(\d+),usec=(\d+)/g,
    );
    const counts = [...stats].map(([, calls, usec]) => ({ scripts: Number(calls), microseconds: Number(usec) }));
    return {
      scripts: counts.reduce((sum, { scripts }) => sum + scripts, 0),
      microseconds: counts.reduce((sum, { microseconds }) => sum + microseconds, 0),
    };
  }

  async function costOf(work: () => Promise<unknown>): Promise<Cost> {
    const before = await spent();
    await work();
    const after = await spent();
    return { scripts: after.scripts - before.scripts, microseconds: after.microseconds - before.microseconds };
  }

  it('of a change of one pod does not follow the number of pods', async () => {
    const reconciler = await startReconciler();
    source.set(...podNames(1_000));
    await reconciler.pass(signal);
    await reconciler.passFor(new Map([['pod-1', 'seen']]), signal);
    source.set(...podNames(1_001));
    const { scripts } = await costOf(() => reconciler.passFor(new Map([['pod-1001', 'seen']]), signal));
    // One to read the pod, one for the counts of the pools, one to register it.
    expect(scripts).toBe(3);
  });

  it('of a pass where all is in order is a small part of a script for each pod', async () => {
    const reconciler = await startReconciler();
    source.set(...podNames(1_000));
    await reconciler.pass(signal);
    const { scripts } = await costOf(() => reconciler.pass(signal));
    expect(scripts).toBeLessThan(150);
  });

  it('of the end of ten leases is the same among a hundred and among a hundred thousand, within a factor of two', async () => {
    const epoch = await store.claimEpoch();
    await store.configurePool(epoch, 'wide', { type: 'shared', maxConcurrent: 100 });
    await store.registerPod(epoch, { podName: 'pod-1', incarnation: 'a', ready: true, pool: 'wide' });
    const sweeper = new LeaseSweeper(
      { store, observer, logger, clock: systemClock },
      { epoch, massExpiryHoldMs: 120_000 },
    );
    await addLeases(0, 90);
    const few = await leastCostOfExpiry(sweeper);
    await addLeases(90, 99_990);
    const many = await leastCostOfExpiry(sweeper);
    expect(many.scripts).toBe(few.scripts);
    expect(many.microseconds).toBeLessThan(2 * few.microseconds);
  });

  /** Entries of calls whose leases last for an hour. */
  async function addLeases(from: number, to: number): Promise<void> {
    const hourAhead = Date.now() + 3_600_000;
    for (let start = from; start < to; start += 1_000) {
      const names = Array.from({ length: Math.min(1_000, to - start) }, (_, i) => `${hourAhead} long-${start + i}`);
      await askRedis(redis.port, `ZADD voice:calls:expiry ${names.join(' ')}`);
    }
  }

  /** Of several sweeps that end ten calls each: the least is the one that nothing else has disturbed. */
  async function leastCostOfExpiry(sweeper: LeaseSweeper): Promise<Cost> {
    const costs: Cost[] = [];
    for (let round = 0; round < 9; round++) {
      for (let i = 0; i < 10; i++) {
        const command = { callSid: `due-${i}`, merchantId: '', chain: ['wide'], knownMerchantConfig: null };
        expect((await store.allocate(command)).kind).toBe('allocated');
        await askRedis(redis.port, `ZADD voice:calls:expiry 1 ${command.callSid}`);
      }
      costs.push(await costOf(() => sweeper.sweep(signal)));
      expect(await store.call('due-0')).toBeNull();
    }
    return costs.reduce((least, cost) => (cost.microseconds < least.microseconds ? cost : least));
  }
});
