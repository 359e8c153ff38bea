import type { PodView, RoutingStore } from '@smart-router/routing-store';
import type { TierConfigService } from '@smart-router/tier-config';
import type { Clock } from '@smart-router/scheduling';
import { ChangedPodsPlanner } from './changed-pods';
import { desiredPools, type DesiredPools } from './desired-pools';
import type { ReconcilerState } from './reconciler-state';
import type { LeaderObserver } from './leader-observer';
import type { EventLogger } from '@smart-router/logging';
import { MassRemovalGuard, type RemovalVerdict } from './mass-removal-guard';
import type { RunResult } from '@smart-router/scheduling';
import { PlanApplication } from './plan-application';
import { findGhosts, planPass, type PassPlan, type StoredFleet } from './plan-pass';
import type { ObservedPod, PodSource } from './pod-source';
import type { NamedChange } from './reconcile-schedule';

export interface ReconcilerPorts {
  readonly store: Pick<RoutingStore, 'pods' | 'drains' | 'reader'>;
  readonly source: PodSource;
  readonly tierConfig: Pick<TierConfigService, 'adopted' | 'restore'>;
  readonly observer: LeaderObserver;
  readonly logger: EventLogger;
  readonly clock: Clock;
}

type Observation =
  | { readonly kind: 'complete'; readonly pods: readonly ObservedPod[] }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Calls wait while the store reads a page; so many pods take it half a millisecond. */
const PAGE_LIMIT = 50;

/**
 * Keeps the store's pools and pods in line with the pod source and the tier config, for one term of leading.
 *
 * Guarantees, after a completed pass: every pool has the policy of the config; exactly the pods of the source are
 * registered, each in a pool that the config names; whatever depends on a pod's live calls agrees with them; no call
 * was ended but those of pods that are gone or were restarted, and those whose record was deleted.
 * Violated by: pods that come, go or restart, a new tier config, a flushed store, keys edited by hand, a crash between
 * two operations. Heals with the next pass, which starts on a hint of such a change and otherwise after the interval.
 *
 * As long as no config was adopted from the store, pools stay as the store has them: only what needs no config is done
 * for the pods that are known. A stored config that was deleted or lost is stored again.
 *
 * It compares states and keeps no account of changes, so that a missed or doubled hint does no harm. That goes for a
 * pass over single pods, too: what was told of them only chooses the pods, and their states are compared. A pass that
 * cannot read the store stops; one that cannot read the source does everything but add and remove pods, and fails.
 */
export class Reconciler {
  private readonly guard = new MassRemovalGuard();
  private readonly changedPods: ChangedPodsPlanner;
  private lacksConfig = false;

  constructor(
    private readonly ports: ReconcilerPorts,
    private readonly epoch: number,
    private readonly memory: ReconcilerState,
  ) {
    this.changedPods = new ChangedPodsPlanner(ports, memory);
  }

  /**
   * Compares everything.
   * @returns when another pass is wanted, where it is wanted soon
   * @throws StaleEpochError, StoreUnavailableError, PodSourceUnavailableError, or the signal's reason
   */
  pass(signal: AbortSignal): Promise<RunResult> {
    return this.observed(signal, () => this.reconcile(signal));
  }

  /**
   * Looks at these pods only: what the source told of them is done to them, as a whole pass would.
   * @returns whether that has shown that everything should be compared
   * @throws as `pass`
   */
  passFor(changes: ReadonlyMap<string, NamedChange>, signal: AbortSignal): Promise<{ wantsEverything: boolean }> {
    return this.observed(signal, async () => {
      const { plan, wantsEverything } = await this.changedPods.plan(changes, this.desiredPools(), signal);
      await this.apply(plan, signal);
      return { wantsEverything };
    });
  }

  private async observed<T>(signal: AbortSignal, pass: () => Promise<T>): Promise<T> {
    const { clock, observer } = this.ports;
    const startedAt = clock.now();
    try {
      const result = await pass();
      observer.reconciled('completed', clock.now() - startedAt);
      return result;
    } catch (error) {
      if (!signal.aborted) observer.reconciled('failed', clock.now() - startedAt);
      throw error;
    }
  }

  private async reconcile(signal: AbortSignal): Promise<RunResult> {
    const observation = await this.observe(signal);
    const stored = await this.readStore(signal);
    const nowMs = this.ports.clock.now();
    this.noticeLoss(stored, nowMs);
    // By one look at the clock: the hold may end while this pass is at work, and pods that it held back need another.
    const heldBackForMs = this.memory.lossGuard.waitMs(nowMs);
    const observed = observation.kind === 'complete' ? this.memory.lossGuard.admit(observation.pods, nowMs) : null;
    this.memory.poolAffinity.update(stored.pods);
    const { allowed, observeAgainAfterMs } = this.judgeRemovals(observed, stored);
    const plan = planPass({
      desired: this.desiredPools(),
      stored,
      observed,
      removable: allowed,
      formerPool: (podName) => this.memory.poolAffinity.poolOf(podName),
    });
    const { foundPods } = await this.apply(plan, signal);
    if (observation.kind === 'failed') throw observation.error;
    const againAfterMs = Math.min(
      foundPods ? 0 : Infinity,
      observeAgainAfterMs ?? Infinity,
      heldBackForMs > 0 ? heldBackForMs : Infinity,
    );
    return againAfterMs === Infinity ? {} : { againAfterMs };
  }

  private noticeLoss(stored: StoredFleet, nowMs: number): void {
    if (!this.memory.lossGuard.see(stored, nowMs)) return;
    this.ports.logger.warn(
      { pods: stored.pods.length },
      'the store has lost its pools, pods are held back for a moment',
    );
  }

  private apply(plan: PassPlan, signal: AbortSignal): Promise<{ readonly foundPods: boolean }> {
    const { logger, observer, store, tierConfig } = this.ports;
    const restoreConfig = (): Promise<boolean> => tierConfig.restore();
    return new PlanApplication({ store, restoreConfig, epoch: this.epoch, signal, observer, logger }).apply(plan);
  }

  private desiredPools(): DesiredPools | null {
    const config = this.ports.tierConfig.adopted();
    if (config === null && !this.lacksConfig) {
      this.ports.logger.error({}, 'no tier config was read from the store, pools stay as they are');
    }
    this.lacksConfig = config === null;
    return config && desiredPools(config);
  }

  private async observe(signal: AbortSignal): Promise<Observation> {
    try {
      return { kind: 'complete', pods: await this.ports.source.list(signal) };
    } catch (error) {
      // Told by the failure of the pass, after the work that needs no source.
      return { kind: 'failed', error };
    }
  }

  private async readStore(signal: AbortSignal): Promise<StoredFleet> {
    const { pools } = await this.ports.store.reader.fleetStats();
    const pods: PodView[] = [];
    let cursor: string | null = null;
    do {
      signal.throwIfAborted();
      const page = await this.ports.store.reader.pods({ limit: PAGE_LIMIT, ...(cursor !== null && { cursor }) });
      pods.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== null);
    return { pods, pools: pools.map(({ pool }) => pool) };
  }

  private judgeRemovals(observed: readonly ObservedPod[] | null, stored: StoredFleet): RemovalVerdict {
    if (observed === null) return { allowed: new Set(), observeAgainAfterMs: null };
    const missing = findGhosts(observed, stored.pods).map(({ podName }) => podName);
    const known = stored.pods.length;
    const verdict = this.guard.judge(missing, known, this.ports.clock.now());
    if (verdict.observeAgainAfterMs !== null) {
      const counts = { missing: missing.length, known, removed_now: verdict.allowed.size };
      this.ports.logger.warn(counts, 'too many pods are gone at once, a later pass must confirm it');
    }
    return verdict;
  }
}
