import type { AllocateCommand, AllocateOutcome, Grant } from '../domain/calls';
import type { RegisterPodCommand } from '../domain/pods';
import type { PoolName } from '../domain/pool';
import type { RoutingStore, StoreTimings } from '../domain/routing-store';

/**
 * Short enough to read in a test; no two sums of steps of 35 s come near one of them. Records last longer than any test:
 * one that runs out loses on Redis what the memory store keeps. Calls are never held, as nobody here would end the hold.
 */
export const TEST_TIMINGS: StoreTimings = {
  leaseMs: 100_000,
  callInfoMs: 100_000_000,
  drainMs: 60_000,
  endedCallMs: 120_000,
  failoverHoldMs: 0,
  failoverHoldMaxMs: 5_000,
};

/** A store under test, with a hand on its clock. */
export interface StoreHarness {
  readonly store: RoutingStore;
  /** Lets this much time pass for everything in the store that runs out. */
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
}

export type CreateHarness = () => Promise<StoreHarness>;

/** A store with the pools `gold` (exclusive) and `basic` (shared, 2 calls a pod), without pods. */
export class StoreUnderTest<Harness extends StoreHarness = StoreHarness> {
  protected harness!: Harness;
  private currentEpoch = 0;

  static async open(create: CreateHarness): Promise<StoreUnderTest> {
    const t = new StoreUnderTest();
    await t.begin(await create());
    return t;
  }

  /** Takes the empty store of this harness, in place of the one before. */
  async begin(harness: Harness): Promise<void> {
    this.harness = harness;
    const { leadership, pods } = harness.store;
    this.currentEpoch = await leadership.claimEpoch();
    await pods.configurePool(this.epoch, 'gold', { type: 'exclusive', maxConcurrent: 1 });
    await pods.configurePool(this.epoch, 'basic', { type: 'shared', maxConcurrent: 2 });
  }

  get epoch(): number {
    return this.currentEpoch;
  }

  get store(): RoutingStore {
    return this.harness.store;
  }

  advance(ms: number): Promise<void> {
    return this.harness.advance(ms);
  }

  close(): Promise<void> {
    return this.harness.close();
  }

  register(podName: string, pool: PoolName, options: Partial<RegisterPodCommand> = {}) {
    return this.store.pods.registerPod(this.epoch, { podName, incarnation: 'first', ready: true, pool, ...options });
  }

  allocate(callSid: string, chain: readonly PoolName[], options: Partial<AllocateCommand> = {}) {
    return this.store.calls.allocate({ callSid, merchantId: '', knownMerchantConfig: null, chain, ...options });
  }

  /** Allocates where a pod must be free. */
  async granted(callSid: string, chain: readonly PoolName[]): Promise<Grant> {
    const outcome: AllocateOutcome = await this.allocate(callSid, chain);
    if (outcome.kind !== 'allocated') throw new Error(`${callSid} was not allocated: ${outcome.kind}`);
    return outcome.grant;
  }

  async stats(pool: PoolName) {
    const found = (await this.store.reader.fleetStats()).pools.find((stats) => stats.pool === pool);
    if (!found) throw new Error(`no pool ${pool}`);
    const { assigned, available, activeCalls, draining } = found;
    return { assigned, available, activeCalls, draining };
  }
}
