import type { ReassertCallOutcome, ReassertReleaseOutcome } from '@smart-router/routing-store';

/** What becomes of what replicas tell the store again, for metrics. Implementations must not throw. */
export interface ReassertionObserver {
  /** The store may have lost what it acknowledged. */
  eraChanged(): void;
  /** `conflict`: two callers believe that they have the pod. */
  grantReasserted(outcome: ReassertCallOutcome['kind']): void;
  endReasserted(outcome: ReassertReleaseOutcome['kind']): void;
}
