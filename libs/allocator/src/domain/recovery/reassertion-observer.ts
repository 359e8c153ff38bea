import type { ReassertCallOutcome, ReassertReleaseOutcome } from '@smart-router/routing-store';

/** What becomes of what replicas tell the store again, for metrics. Implementations must not throw. */
export interface ReassertionObserver {
  /** The store may have lost what it acknowledged. */
  eraChanged(): void;
  /** `conflict`: two callers believe that they have the pod. `failed`: the store could not handle this one. */
  grantReasserted(outcome: ReassertCallOutcome['kind'] | 'failed'): void;
  endReasserted(outcome: ReassertReleaseOutcome['kind'] | 'failed'): void;
}
