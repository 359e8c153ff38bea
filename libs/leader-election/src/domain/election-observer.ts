import type { Attempt } from './lease-contender';
import type { TermEnd } from './leader-term';

/** How an election goes, for metrics. Implementations must not throw. */
export interface ElectionObserver {
  attempted(outcome: Attempt['kind'] | 'failed'): void;
  /** Another holder than before was seen; `null` for nobody. */
  holderChanged(holder: string | null): void;
  termEnded(end: TermEnd): void;
}
