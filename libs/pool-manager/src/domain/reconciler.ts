import type { PodView, RoutingStore } from '@smart-router/routing-store';
import type { TierConfigService } from '@smart-router/tier-config';
import { type Clock, forEachBounded, type RunResult } from '@smart-router/scheduling';
import { planChangedPods } from './changed-pods';
import { desiredPools, type DesiredPools } from './desired-pools';
import type { ReconcilerState } from './reconciler-state';
import type { LeaderObserver } from './leader-observer';
import type { EventLogger } from '@smart-router/logging';
import { MassRemovalGuard, type RemovalDecision } from './mass-removal-guard';
import { isOfOneKey, PlanApplication, type AppliedPlan } from './plan-application';
import { findOrphans, planReconcile, type ReconcilePlan, type StoredFleet, type StoredPod } from './reconcile-plan';
import type { ObservedPod, PodSource, ReportedChange } from './pod-source';

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

/** Calls wait while the store reads a page; this many pods take it half a millisecond. */
const PAGE_LIMIT = 50;
/** Pods that are read at the same time. */
const READS_IN_FLIGHT = 32;

/**
 * Keeps the store's pools and pods in line with the pod source and the tier config, for one term of leading.
 *
 * Guarantees, after a completed resync: every pool has the policy of the config; exactly the pods of the source are
 * registered, each in a pool that the config names; whatever depends on a pod's live calls agrees with them; no call
 * was ended but those of pods that are gone or were restarted, and those whose record was deleted.
 * Violated by: pods that come, go or restart, a new tier config, a flushed store, keys edited by hand, a crash between
 * two operations. Heals with the next resync, which starts on a hint of such a change and otherwise after the interval.
 *
 * As long as no config was adopted from the store, pools stay as the store has them: only what needs no config is done
 * for the pods that are known. A stored config that was deleted or lost is stored again.
 *
 * It compares states and keeps no account of changes, so that a missed or doubled hint does no harm. `reconcilePods` is no
 * exception: what was reported of pods only chooses them, and their states are compared. A resync that cannot read the
 * store stops; one that cannot read the source does all but adding and removing pods, and fails.
 */
export class Reconciler {
  private readonly guard = new MassRemovalGuard();
  private lacksConfig = false;

  constructor(
    private readonly ports: ReconcilerPorts,
    private readonly epoch: number,
    private readonly memory: ReconcilerState,
  ) {}

  /**
   * Compares all pods and pools.
   * @param options.isFresh with the pods of the source as they are now, and not as they were seen last
   * @returns when another resync is wanted, where it is wanted soon
   * @throws StaleEpochError, StoreUnavailableError, PodSourceUnavailableError, or the signal's reason; otherwise the
   * first failure of an operation, after all the others
   */
  resync(signal: AbortSignal, { isFresh = false } = {}): Promise<RunResult> {
    return this.observed(signal, async () => {
      const result = await this.compareAll(await this.observe(signal, isFresh), signal);
      return { result, isCompleted: true };
    });
  }

  /**
   * Compares these pods only, as a resync would.
   * @returns the pods that failed, and whether a resync is wanted
   * @throws StaleEpochError, StoreUnavailableError, or the signal's reason
   */
  reconcilePods(
    changes: ReadonlyMap<string, ReportedChange>,
    signal: AbortSignal,
  ): Promise<{ readonly failed: ReadonlySet<string>; readonly wantsResync: boolean }> {
    return this.observed(signal, async () => {
      const failed = new Set<string>();
      const stored = await this.readPods([...changes.keys()], failed, signal);
      const { pools } = await this.ports.store.reader.fleetStats();
      // After the store was read: what is known of a pod only gets newer.
      const observed = [...changes.keys()].flatMap((name) => (failed.has(name) ? [] : (this.recall(name) ?? [])));
      const { plan, wantsResync } = planChangedPods({
        ...{ changes, stored, observed, pools },
        desired: this.desiredPools(),
        formerPool: (podName) => this.memory.poolAffinity.poolOf(podName),
      });
      for (const pod of plan.remove) this.memory.poolAffinity.note(pod);
      const { failures } = await this.apply(plan, signal);
      for (const name of failures.keys()) failed.add(name);
      return { result: { failed, wantsResync }, isCompleted: failed.size === 0 };
    });
  }

  private async observed<T>(
    signal: AbortSignal,
    work: () => Promise<{ readonly result: T; readonly isCompleted: boolean }>,
  ): Promise<T> {
    const { clock, observer } = this.ports;
    const startedAt = clock.now();
    try {
      const { result, isCompleted } = await work();
      observer.reconciled(isCompleted ? 'completed' : 'failed', clock.now() - startedAt);
      return result;
    } catch (error) {
      if (!signal.aborted) observer.reconciled('failed', clock.now() - startedAt);
      throw error;
    }
  }

  private async compareAll(observation: Observation, signal: AbortSignal): Promise<RunResult> {
    const stored = await this.readStore(signal);
    const nowMs = this.ports.clock.now();
    this.noticeLoss(stored, nowMs);
    // By one look at the clock: the hold may end during this resync, and pods that it held back need another.
    const heldBackForMs = this.memory.lossGuard.waitMs(nowMs);
    const observed = observation.kind === 'complete' ? this.memory.lossGuard.admit(observation.pods, nowMs) : null;
    this.memory.poolAffinity.update(stored.pods);
    const { allowed, observeAgainAfterMs } = this.reviewRemovals(observed, stored);
    const plan = planReconcile({
      desired: this.desiredPools(),
      stored,
      observed,
      removable: allowed,
      formerPool: (podName) => this.memory.poolAffinity.poolOf(podName),
    });
    const { failures, foundPods } = await this.apply(plan, signal);
    for (const error of failures.values()) throw error;
    if (observation.kind === 'failed') throw observation.error;
    const againAfterMs = Math.min(
      foundPods ? 0 : Infinity,
      observeAgainAfterMs ?? Infinity,
      heldBackForMs > 0 ? heldBackForMs : Infinity,
    );
    return againAfterMs === Infinity ? {} : { againAfterMs };
  }

  /** As it may be offered now. */
  private recall(podName: string): ObservedPod | null {
    const pod = this.ports.source.recall(podName);
    return pod && (this.memory.lossGuard.admit([pod], this.ports.clock.now())[0] ?? null);
  }

  private noticeLoss(stored: StoredFleet, nowMs: number): void {
    if (!this.memory.lossGuard.see(stored, nowMs)) return;
    this.ports.logger.warn(
      { pods: stored.pods.length },
      'the store has lost its pools, pods are held back for a moment',
    );
  }

  private apply(plan: ReconcilePlan, signal: AbortSignal): Promise<AppliedPlan> {
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

  private async observe(signal: AbortSignal, isFresh: boolean): Promise<Observation> {
    try {
      return { kind: 'complete', pods: await this.ports.source.list(signal, { isFresh }) };
    } catch (error) {
      // Thrown after the work that needs no source.
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

  /** @param failed gets those that cannot be read, as somebody gave their keys another type */
  private async readPods(names: readonly string[], failed: Set<string>, signal: AbortSignal): Promise<StoredPod[]> {
    const stored: StoredPod[] = [];
    await forEachBounded(names, READS_IN_FLIGHT, signal, async (podName) => {
      try {
        const pod = await this.ports.store.reader.pod(podName);
        if (pod) stored.push(pod);
      } catch (error) {
        if (!isOfOneKey(error) || signal.aborted) throw error;
        failed.add(podName);
        this.ports.logger.error({ err: error, item: podName }, 'one pod cannot be read, the others continue');
      }
    });
    return stored;
  }

  private reviewRemovals(observed: readonly ObservedPod[] | null, stored: StoredFleet): RemovalDecision {
    if (observed === null) return { allowed: new Set(), observeAgainAfterMs: null };
    const missing = findOrphans(observed, stored.pods).map(({ podName }) => podName);
    const known = stored.pods.length;
    const verdict = this.guard.review(missing, known, this.ports.clock.now());
    if (verdict.observeAgainAfterMs !== null) {
      const counts = { missing: missing.length, known, removed_now: verdict.allowed.size };
      this.ports.logger.warn(counts, 'too many pods are gone at once, a later resync must confirm it');
    }
    return verdict;
  }
}
