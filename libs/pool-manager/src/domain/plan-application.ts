import {
  StaleEpochError,
  StoreUnavailableError,
  type Page,
  type PoolName,
  type RoutingStore,
  type SweepOutcome,
} from '@smart-router/routing-store';
import { forEachBounded } from '@smart-router/scheduling';
import type { CallEndReason, LeaderObserver, ReconcileAction } from './leader-observer';
import type { EventLogger } from '@smart-router/logging';
import type { Move } from './plan-moves';
import type { ReconcilePlan, StoredPod } from './reconcile-plan';

interface ApplyContext {
  readonly store: Pick<RoutingStore, 'pods' | 'drains'>;
  /** Stores the tier config again, where the store has none any more. */
  readonly restoreConfig: () => Promise<unknown>;
  readonly epoch: number;
  /** Ends the work between two operations of the store. */
  readonly signal: AbortSignal;
  readonly observer: LeaderObserver;
  readonly logger: EventLogger;
}

/**
 * What is in flight together reaches the store together, which works it off before it serves the next call: more of it
 * shortens work that no caller waits for, and lengthens the calls that fall into it.
 */
const IN_FLIGHT = 8;

/** So many single failures are no accident of single keys any more. */
const MAX_FAILURES = 20;

export interface AppliedPlan {
  readonly foundPods: boolean;
  readonly failures: ReadonlyMap<string, unknown>;
}

type PlanItem = string | { readonly podName: string } | { readonly pool: PoolName };

/**
 * Carries a plan out, step by step in the order of its fields. Each operation is whole by itself and finds out in the
 * store whether it still applies, so that a plan may be stopped anywhere and made anew.
 *
 * A pod whose keys cannot be worked on, since somebody gave them another type, does not keep the others from being
 * put right: its failure is logged, and returned after all the rest is done.
 */
export class PlanApplication {
  /** By the pod, the pool or the work that they concern. */
  private readonly failures = new Map<string, unknown>();
  private readonly found = new Set<string>();

  constructor(private readonly context: ApplyContext) {}

  /**
   * @returns whether the store held pods that it did not list (whether they stay is known when they are read next), and
   * the failures, by the pod, the pool or the work that they concern
   * @throws StaleEpochError, StoreUnavailableError, the signal's reason, or a failure that follows many others
   */
  async apply(plan: ReconcilePlan): Promise<AppliedPlan> {
    const { epoch, store } = this.context;
    await this.each(plan.configure, ({ pool, policy }) => store.pods.configurePool(epoch, pool, policy));
    // No write of its own epoch: a former leader gets no further than the pools.
    if (plan.configure.length > 0) await this.each(['tier config'], () => this.context.restoreConfig());
    await this.register(plan);
    await this.each(plan.drain, (pod) => this.drain(pod));
    await this.remove(plan);
    await this.each(plan.reassign, (move) => this.move(move, 'rehomed'));
    await this.each(plan.rebalance, (move) => this.move(move, 'rebalanced'));
    if (plan.repair) await this.each(['suspects'], () => this.repairSuspects());
    if (plan.repair) await this.each(['indexes'], () => this.sweepIndexes());
    await this.each(plan.sweep, (pool) => this.sweepPool(pool));
    await this.each([...this.found], (podName) => this.repair(podName));
    await this.each(plan.removePool, (pool) => this.removePool(pool));
    return { foundPods: this.found.size > 0, failures: this.failures };
  }

  private async register({ register }: ReconcilePlan): Promise<void> {
    const { epoch, store } = this.context;
    await this.each(register, async (command) => {
      const outcome = await store.pods.registerPod(epoch, command);
      const { podName, incarnation, ready } = command;
      this.corrected('registered', { pod_name: podName, incarnation, ready, pool: outcome.pool, kind: outcome.kind });
      this.ended('pod-restarted', podName, outcome.endedCalls);
      // The store held it, and the plan did not know where.
      if (outcome.kind !== 'added' && outcome.pool !== command.pool) this.found.add(podName);
    });
  }

  private async remove({ remove }: ReconcilePlan): Promise<void> {
    const { epoch, store } = this.context;
    await this.each(remove, async ({ podName, incarnation }) => {
      const outcome = await store.pods.removePod(epoch, podName, incarnation);
      if (outcome.kind !== 'removed') return;
      this.corrected('removed', { pod_name: podName, incarnation });
      this.ended('pod-removed', podName, outcome.endedCalls);
    });
  }

  /** Repeated in every resync, which renews the drain while the pod is on its way out. */
  private async drain({ podName, status }: StoredPod): Promise<void> {
    const outcome = await this.context.store.drains.drain(podName, { onlyProlong: true });
    if (outcome.kind === 'draining' && status !== 'draining') this.corrected('drained', { pod_name: podName });
  }

  private async move({ podName, from, to }: Move, action: 'rehomed' | 'rebalanced'): Promise<void> {
    const onlyIdle = action === 'rebalanced';
    const outcome = await this.context.store.pods.movePod(this.context.epoch, podName, to, { onlyIdle });
    if (outcome.kind === 'moved') this.corrected(action, { pod_name: podName, from, to });
  }

  /** After all that may have made a pod one, such as a new policy of its pool. */
  private async repairSuspects(): Promise<void> {
    let cursor: string | null = null;
    do {
      this.context.signal.throwIfAborted();
      const page: Page<string> = await this.context.store.pods.findSuspects(cursor);
      await this.each(page.items, (podName) => this.repair(podName));
      cursor = page.cursor;
    } while (cursor !== null);
  }

  private async repair(podName: string): Promise<void> {
    const outcome = await this.context.store.pods.repairPod(this.context.epoch, podName);
    if (outcome.kind !== 'repaired' || !outcome.changed) return;
    this.corrected('repaired', { pod_name: podName });
    this.ended('record-deleted', podName, outcome.endedCalls);
  }

  /** After the repair, which restores entries that are missing: what no pod stands behind then is left over. */
  private sweepIndexes(): Promise<void> {
    const { epoch, store } = this.context;
    return this.sweep((cursor) => store.pods.sweepIndexes(epoch, cursor), {});
  }

  private sweepPool(pool: PoolName): Promise<void> {
    const { epoch, store } = this.context;
    return this.sweep((cursor) => store.pods.sweepPool(epoch, pool, cursor), { pool });
  }

  private async sweep(step: (cursor: string | null) => Promise<SweepOutcome>, fields: object): Promise<void> {
    let cursor: string | null = null;
    do {
      this.context.signal.throwIfAborted();
      const outcome: SweepOutcome = await step(cursor);
      for (const name of outcome.evicted) this.corrected('evicted', { name, ...fields });
      for (const podName of outcome.found) this.found.add(podName);
      cursor = outcome.cursor;
    } while (cursor !== null);
  }

  private async removePool(pool: PoolName): Promise<void> {
    const outcome = await this.context.store.pods.removePool(this.context.epoch, pool);
    if (outcome.kind === 'removed') this.corrected('retired', { pool });
  }

  private each<Item extends PlanItem>(items: readonly Item[], task: (item: Item) => Promise<unknown>): Promise<void> {
    return forEachBounded(items, IN_FLIGHT, this.context.signal, async (item) => {
      try {
        await task(item);
      } catch (error) {
        this.noteFailure(error, item);
      }
    });
  }

  /** @throws the error itself where to continue makes no sense */
  private noteFailure(error: unknown, item: PlanItem): void {
    if (!isOfOneKey(error) || this.context.signal.aborted || this.failures.size >= MAX_FAILURES) throw error;
    this.failures.set(nameOf(item), error);
    this.context.logger.error({ err: error, item }, 'one correction failed, the others continue');
  }

  private corrected(action: ReconcileAction, fields: object): void {
    this.context.observer.corrected(action, 1);
    this.context.logger.info({ action, ...fields }, 'store corrected');
  }

  private ended(reason: CallEndReason, podName: string, calls: readonly string[]): void {
    if (calls.length === 0) return;
    this.context.observer.callsEnded(reason, calls.length);
    this.context.logger.warn({ reason, pod_name: podName, call_sids: calls }, 'calls ended by the leader');
  }
}

/** Whether others may succeed where this has failed. */
export function isOfOneKey(error: unknown): boolean {
  return !(error instanceof StaleEpochError || error instanceof StoreUnavailableError);
}

function nameOf(item: PlanItem): string {
  if (typeof item === 'string') return item;
  return 'podName' in item ? item.podName : item.pool;
}
