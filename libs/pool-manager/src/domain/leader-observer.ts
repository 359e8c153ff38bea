/** What the reconciler put right. The words are label values of a metric, which keep their names. */
export type ReconcileAction =
  'registered' | 'drained' | 'removed' | 'rehomed' | 'rebalanced' | 'repaired' | 'evicted' | 'retired';

/** Why the leader ended calls. */
export type CallEndReason = 'lease-expired' | 'pod-removed' | 'pod-restarted' | 'record-deleted';

/** What the leader does, for metrics. Implementations must not throw. */
export interface LeaderObserver {
  /** @param epoch of the term that began; `null` when it ended */
  leading(epoch: number | null): void;
  /** A run of the reconciler is over, after that many milliseconds. */
  reconciled(outcome: 'completed' | 'failed', durationMs: number): void;
  /** Something in the store was not as it should be, and was put right. */
  corrected(action: ReconcileAction, count: number): void;
  callsEnded(reason: CallEndReason, count: number): void;
  /** That many calls are kept now although their lease ran out. */
  callsHeldBack(count: number): void;
}
