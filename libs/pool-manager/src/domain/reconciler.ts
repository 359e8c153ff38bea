import type { FleetReader, PodDrains, PodRegistry, PodView } from '@smart-router/routing-store';
import type { TierConfig } from '@smart-router/tier-config';
import type { Clock } from './clock';
import { desiredPools } from './desired-pools';
import { FormerPools } from './former-pools';
import type { LeaderObserver } from './leader-observer';
import type { EventLogger } from '@smart-router/logging';
import { MassRemovalGuard } from './mass-removal-guard';
import { PlanApplication } from './plan-application';
import { findGhosts, planPass, type StoredFleet } from './plan-pass';
import type { ObservedPod, PodSource } from './pod-source';

export interface ReconcilerPorts {
  readonly store: PodRegistry & Pick<PodDrains, 'drain'> & Pick<FleetReader, 'pods' | 'fleetStats'>;
  readonly source: PodSource;
  /** The tier config in force. */
  readonly tierConfig: () => TierConfig;
  readonly observer: LeaderObserver;
  readonly logger: EventLogger;
  readonly clock: Clock;
}

type Observation =
  | { readonly kind: 'complete'; readonly pods: readonly ObservedPod[] }
  | { readonly kind: 'failed'; readonly error: unknown };

const PAGE_LIMIT = 500;

/**
 * Keeps the store's pools and pods in line with the pod source and the tier config, for one term of leading.
 *
 * Guarantees, after a completed pass: every pool has the policy of the config; exactly the pods of the source are
 * registered, each in a pool that the config names; whatever depends on a pod's live calls agrees with them; no call
 * was ended but those of pods that are gone or were restarted, and those whose record was deleted.
 * Violated by: pods that come, go or restart, a new tier config, a flushed store, keys edited by hand, a crash between
 * two operations. Heals with the next pass, which starts on a hint of such a change and otherwise after the interval.
 *
 * It compares states and keeps no account of changes, so that a missed or doubled hint does no harm. A pass that
 * cannot read the store stops; one that cannot read the source does everything but add and remove pods, and fails.
 */
export class Reconciler {
  private readonly guard = new MassRemovalGuard();
  private readonly formerPools = new FormerPools();

  constructor(
    private readonly ports: ReconcilerPorts,
    private readonly epoch: number,
  ) {}

  /** @throws StaleEpochError, StoreUnavailableError, PodSourceUnavailableError, or the signal's reason */
  async pass(signal: AbortSignal): Promise<void> {
    const { clock, observer } = this.ports;
    const startedAt = clock.now();
    try {
      await this.reconcile(signal);
      observer.reconciled('completed', clock.now() - startedAt);
    } catch (error) {
      if (!signal.aborted) observer.reconciled('failed', clock.now() - startedAt);
      throw error;
    }
  }

  private async reconcile(signal: AbortSignal): Promise<void> {
    const { logger, observer, store } = this.ports;
    const observation = await this.observe();
    const observed = observation.kind === 'complete' ? observation.pods : null;
    const stored = await this.readStore(signal);
    this.formerPools.update(stored.pods);
    const plan = planPass({
      desired: desiredPools(this.ports.tierConfig()),
      stored,
      observed,
      mayRemove: this.mayRemove(observed, stored),
      formerPool: (podName) => this.formerPools.poolOf(podName),
    });
    await new PlanApplication({ store, epoch: this.epoch, signal, observer, logger }).apply(plan);
    if (observation.kind === 'failed') throw observation.error;
  }

  private async observe(): Promise<Observation> {
    try {
      return { kind: 'complete', pods: await this.ports.source.list() };
    } catch (error) {
      // Told by the failure of the pass, after the work that needs no source.
      return { kind: 'failed', error };
    }
  }

  private async readStore(signal: AbortSignal): Promise<StoredFleet> {
    const { pools } = await this.ports.store.fleetStats();
    const pods: PodView[] = [];
    let cursor: string | null = null;
    do {
      signal.throwIfAborted();
      const page = await this.ports.store.pods({ limit: PAGE_LIMIT, ...(cursor !== null && { cursor }) });
      pods.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== null);
    return { pods, pools: pools.map(({ pool }) => pool) };
  }

  private mayRemove(observed: readonly ObservedPod[] | null, stored: StoredFleet): boolean {
    if (observed === null) return false;
    const podNames = findGhosts(observed, stored.pods).map(({ podName }) => podName);
    const verdict = this.guard.judge(podNames, stored.pods.length);
    if (verdict === 'allowed') return true;
    const counts = { missing: podNames.length, known: stored.pods.length };
    this.ports.logger.warn(counts, 'too many pods are gone at once, the next pass must confirm it');
    return false;
  }
}
