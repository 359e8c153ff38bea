import { StaticLeadership } from '@smart-router/leader-election';
import { RecordingLogger } from '@smart-router/logging/testing';
import { DEFAULT_TIMINGS } from '@smart-router/routing-store';
import { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import { type StoreOperations, withOperations } from '@smart-router/routing-store/testing';
import { ManualClock } from '@smart-router/scheduling/testing';
import type { LeaderTask } from '../domain/leader-task';
import { LeaderController } from '../domain/leader-controller';
import { FakePodSource, podNames } from './fake-pod-source';
import { FakeTierConfig } from './fake-tier-config';
import { RecordingObserver } from './recording-observer';
import { sampleTierConfig } from './sample-tier-config';

export const RECONCILE_MS = 60_000;
export const CLEANUP_MS = 30_000;
export const LEASE_MS = 120_000;
export const MASS_EXPIRY_HOLD_MS = 120_000;
export const FIRST_RESYNC_TIMEOUT_MS = 5_000;
/** Hints are taken up after the shortest gap between two runs. */
export const GAP_MS = 200;

/** Leader work on a memory store, of which single operations may be replaced. */
export class LeaderControllerFixture {
  readonly clock = new ManualClock();
  readonly store = new MemoryRoutingStore({
    timings: { ...DEFAULT_TIMINGS, leaseMs: LEASE_MS },
    now: () => this.clock.now(),
  });
  readonly source = new FakePodSource();
  /** To be filled before the start. */
  readonly tasks: LeaderTask[] = [];
  readonly logger = new RecordingLogger();
  readonly observer = new RecordingObserver();
  readonly work: LeaderController;
  readonly tierConfig = new FakeTierConfig(sampleTierConfig({ gold: { target: 2 }, overflow: {} }));

  constructor(replacement: (store: MemoryRoutingStore) => Partial<StoreOperations> = () => ({})) {
    const { clock, tasks, logger, observer, source, tierConfig } = this;
    const store = withOperations(this.store, replacement(this.store));
    const random = (): number => 0;
    const leadership = new StaticLeadership({ store, identity: 'here', clock, random, logger });
    this.work = new LeaderController(
      { store, source, leadership, tierConfig, tasks, observer, logger, clock, random },
      {
        reconcileIntervalMs: RECONCILE_MS,
        cleanupIntervalMs: CLEANUP_MS,
        massExpiryHoldMs: MASS_EXPIRY_HOLD_MS,
        firstResyncTimeoutMs: FIRST_RESYNC_TIMEOUT_MS,
      },
    );
    this.source.set(...podNames(2));
  }

  /** The config in force comes into force again. */
  repeatConfig(): void {
    const { config } = this.tierConfig;
    if (config) this.tierConfig.change(config);
  }

  async assigned(): Promise<Record<string, number>> {
    return Object.fromEntries(
      (await this.store.reader.fleetStats()).pools.map(({ pool, assigned }) => [pool, assigned]),
    );
  }

  /** How often something was reconciled. */
  runs(): number {
    return this.observer.events.filter((event) => event.startsWith('reconciled')).length;
  }
}
