import { StaticLeadership } from '@smart-router/leader-election';
import { RecordingLogger } from '@smart-router/logging/testing';
import type { RoutingStore } from '@smart-router/routing-store';
import { interceptedStore, openRedisHarness, type RedisHarness } from '@smart-router/routing-store/testing';
import { ManualClock, settled } from '@smart-router/scheduling/testing';
import { type RedisProcess, startRedis } from '@smart-router/testbed';
import type { TierConfig } from '@smart-router/tier-config';
import { LeaderController } from './leader-controller';
import { FakePodSource, podNames } from '../testing/fake-pod-source';
import { FakeTierConfig } from '../testing/fake-tier-config';
import { RecordingObserver } from '../testing/recording-observer';
import { sampleTierConfig } from '../testing/sample-tier-config';

const PODS = podNames(4);
const FIRST = sampleTierConfig({ gold: { target: 2 }, basic: { target: 2 } });
const SECOND = sampleTierConfig({ gold: { target: 1 }, basic: { target: 3 } });
const STEP_MS = 1;
const CHANGE_MS = 300;
/** What an operation of the store takes by the clock of the leader. */
const OPERATION_MS = 0.2;
const RECONCILE_MS = 60_000;
/** The announcement of the leader is repeated every 5 s, and pods are held back for 2 s after a loss. */
const NOTICED_MS = 8_000;

/** A clock of which every timer fires a little early, as real ones do. */
class HastyClock extends ManualClock {
  override sleep(ms: number, signal: AbortSignal): Promise<void> {
    return super.sleep(ms > 2 ? ms - 1 : ms, signal);
  }
}

type Moment = 'before' | 'after';

/** A store that loses all it has at one of its operations. */
class LosingStore {
  readonly store: RoutingStore;
  count = 0;
  inFlight = 0;
  private lossAt = Infinity;
  private moment: Moment = 'before';

  constructor(
    { store, connection }: RedisHarness,
    private readonly clock: ManualClock,
  ) {
    const lose = (): Promise<unknown> => connection.client.flushdb();
    this.store = interceptedStore(
      () => store,
      (name, operation) => {
        if (name === 'subscribe' || name === 'onReconnect') return operation;
        return (...args) => this.run(() => operation(...args), lose);
      },
    );
  }

  get hasLost(): boolean {
    return this.count > this.lossAt;
  }

  /** @param offset number of operations from now */
  loseAt(offset: number, moment: Moment): void {
    this.lossAt = this.count + offset;
    this.moment = moment;
  }

  private async run(operation: () => unknown, lose: () => Promise<unknown>): Promise<unknown> {
    const isLost = this.count++ === this.lossAt;
    this.inFlight++;
    try {
      if (isLost && this.moment === 'before') await lose();
      const result = await operation();
      this.clock.jump(OPERATION_MS);
      if (isLost && this.moment === 'after') await lose();
      return result;
    } finally {
      this.inFlight--;
    }
  }
}

describe('A store that is flushed while the leader works', () => {
  let redis: RedisProcess;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  interface Run {
    readonly harness: RedisHarness;
    readonly clock: HastyClock;
    readonly work: LeaderController;
    readonly tierConfig: FakeTierConfig;
    readonly observer: RecordingObserver;
    readonly loss: LosingStore;
  }

  async function start(): Promise<Run> {
    const harness = await openRedisHarness(redis.url);
    const [clock, observer] = [new HastyClock(), new RecordingObserver()];
    const loss = new LosingStore(harness, clock);
    const tierConfig = new FakeTierConfig(FIRST);
    const source = new FakePodSource();
    source.set(...PODS);
    const random = (): number => 0;
    const shared = { store: loss.store, clock, random, logger: new RecordingLogger() };
    const leadership = new StaticLeadership({ ...shared, identity: 'here' });
    const work = new LeaderController(
      { ...shared, source, leadership, tierConfig, tasks: [], observer },
      {
        reconcileIntervalMs: RECONCILE_MS,
        cleanupIntervalMs: 30_000,
        massExpiryHoldMs: 60_000,
        firstResyncTimeoutMs: 5_000,
      },
    );
    await work.start();
    return { harness, clock, work, tierConfig, observer, loss };
  }

  /** Lets time go by in steps; what the store is asked meanwhile is answered before the next one. */
  async function elapse({ clock, loss }: Run, ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      await clock.advance(STEP_MS);
      // The loops of reconciling, sweeping and announcing sleep between their runs.
      for (await settled(); loss.inFlight > 0 || clock.sleeping < 3;) await settled();
    }
  }

  async function available({ harness }: Run): Promise<Record<string, number>> {
    const { pools } = await harness.store.reader.fleetStats();
    return Object.fromEntries(pools.map(({ pool, available: count }) => [pool, count]));
  }

  async function change(run: Run, config: TierConfig): Promise<void> {
    run.tierConfig.change(config);
    await elapse(run, CHANGE_MS);
  }

  /** @param loseAt nothing is lost where it is left out. @returns how many operations the change took */
  async function changeAndLose(loseAt?: readonly [offset: number, moment: Moment]) {
    const run = await start();
    await change(run, FIRST);
    const before = run.loss.count;
    if (loseAt) run.loss.loseAt(...loseAt);
    await change(run, SECOND);
    const operations = run.loss.count - before;
    while (loseAt && !run.loss.hasLost) await elapse(run, STEP_MS);
    await elapse(run, NOTICED_MS);
    const found = await available(run);
    await run.work.stop();
    await run.harness.close();
    return { operations, found };
  }

  it('is full again within seconds, whichever operation of a resync it was flushed at', async () => {
    const { operations } = await changeAndLose();
    expect(operations).toBeGreaterThan(10);
    const late: unknown[] = [];
    for (let offset = 0; offset < operations + 3; offset++) {
      for (const moment of ['before', 'after'] as const) {
        const { found } = await changeAndLose([offset, moment]);
        if (found['gold'] !== 1 || found['basic'] !== 3) late.push({ offset, moment, found });
      }
    }
    expect(late).toEqual([]);
  }, 300_000);
});
