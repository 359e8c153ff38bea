import type { Clock, RunResult } from '@smart-router/scheduling';
import type { PodChange, ReportedChange } from './pod-source';
import type { Reconciler } from './reconciler';
import { ResyncSchedule } from './resync-schedule';
import { WorkQueue } from './work-queue';

interface ReconcileWorkerOptions {
  /** From one resync with a fresh list to the next. */
  readonly intervalMs: number;
  readonly clock: Pick<Clock, 'now'>;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

const POD_BACK_OFF = { firstMs: 500, maxMs: 30_000, jitter: 'half' } as const;

/**
 * Reconciles what has changed: single pods from the work queue, so that the cost of a change follows the change and not
 * the fleet, or all of them where a resync is due. One run at a time.
 */
export class ReconcileWorker {
  private readonly queue: WorkQueue<ReportedChange>;
  private readonly schedule: ResyncSchedule;

  constructor(
    private readonly reconciler: Pick<Reconciler, 'resync' | 'reconcilePods'>,
    private readonly options: ReconcileWorkerOptions,
  ) {
    this.queue = new WorkQueue({ backOff: POD_BACK_OFF, random: options.random });
    this.schedule = new ResyncSchedule(options.intervalMs);
  }

  note(change: PodChange): void {
    if (change.kind === 'any') this.schedule.request(false);
    else this.queue.add(change.podName, change.kind);
  }

  /** @param isFresh whether the source has to be asked for its pods */
  requestResync(isFresh: boolean): void {
    this.schedule.request(isFresh);
  }

  requestResyncSoon(): void {
    this.schedule.requestSoon(this.options.clock.now());
  }

  /**
   * Does what is due: a resync, otherwise the changed pods. What fails stays due.
   * @returns whether it was a resync, and when something is due again
   * @throws as `Reconciler.resync`
   */
  async run(signal: AbortSignal): Promise<RunResult & { readonly isResync: boolean }> {
    const { clock } = this.options;
    const due = this.schedule.begin(clock.now());
    await (due ? this.resync(due.isFresh, signal) : this.reconcilePods(signal));
    const nowMs = clock.now();
    const againAfterMs = Math.min(this.schedule.dueInMs(nowMs), this.queue.dueInMs(nowMs));
    return { isResync: due !== null, againAfterMs };
  }

  private async resync(isFresh: boolean, signal: AbortSignal): Promise<void> {
    try {
      const { againAfterMs } = await this.reconciler.resync(signal, { isFresh });
      this.schedule.done(this.options.clock.now(), againAfterMs);
    } catch (error) {
      this.schedule.failed();
      throw error;
    }
  }

  private async reconcilePods(signal: AbortSignal): Promise<void> {
    const { clock } = this.options;
    const changes = this.queue.take(clock.now());
    if (changes.size === 0) return;
    let failed: ReadonlySet<string> = new Set(changes.keys());
    try {
      const outcome = await this.reconciler.reconcilePods(changes, signal);
      ({ failed } = outcome);
      if (outcome.wantsResync) this.requestResyncSoon();
    } finally {
      for (const [podName, change] of changes) {
        if (failed.has(podName)) this.queue.retry(podName, change, clock.now());
        else this.queue.done(podName);
      }
    }
  }
}
