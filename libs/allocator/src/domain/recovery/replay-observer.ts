import type { ReassertCallOutcome, ReassertReleaseOutcome } from '@smart-router/routing-store';

/** What becomes of what processes replay, for metrics. Implementations must not throw. */
export interface ReplayObserver {
  /** `conflict`: two callers believe that they have the pod. `failed`: the store could not handle this one. */
  grantReasserted(outcome: ReassertCallOutcome['kind'] | 'failed'): void;
  endReasserted(outcome: ReassertReleaseOutcome['kind'] | 'failed'): void;
  /** A grant that nobody came back for was ended. */
  grantAbandoned(): void;
  /** A request of unknown outcome is not followed up any more. */
  requestDropped(): void;
}
