import { DataLossGuard } from './data-loss-guard';
import { PoolAffinity } from './pool-affinity';

/**
 * What a process remembers of the fleet from one of its terms to the next: a store that loses its data may end the
 * term, too, and the next one has to know what was there.
 */
export class ReconcilerState {
  readonly poolAffinity = new PoolAffinity();
  readonly lossGuard: DataLossGuard;

  /** @param bornMs when the process began, by the clock that the guard will be asked with */
  constructor(bornMs: number) {
    this.lossGuard = new DataLossGuard(bornMs);
  }
}
