import { DataLossGuard } from './data-loss-guard';
import { FormerPools } from './former-pools';

/**
 * What a process remembers of the fleet from one of its terms to the next: a store that loses its data may end the
 * term, too, and the next one has to know what was there.
 */
export class FleetMemory {
  readonly formerPools = new FormerPools();
  readonly lossGuard: DataLossGuard;

  /** @param bornMs when the process began, by the clock that the guard will be asked with */
  constructor(bornMs: number) {
    this.lossGuard = new DataLossGuard(bornMs);
  }
}
