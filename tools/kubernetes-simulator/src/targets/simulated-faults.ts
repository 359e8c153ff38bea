import type { Fault, FaultMatch, FaultPlan } from '../http/fault';
import type { RunningWatches } from '../http/running-watches';

/** What can go wrong on purpose. */
export class SimulatedFaults {
  constructor(
    private readonly plan: FaultPlan,
    /** What can be done to the watches that run now. */
    readonly watches: RunningWatches,
  ) {}

  /** The next requests that match meet the fault. @param times `Infinity`: until `clear` */
  next(match: FaultMatch, fault: Fault, times = 1): void {
    this.plan.add(match, fault, times);
  }

  /** How many requests will still meet one. */
  get left(): number {
    return this.plan.left;
  }

  clear(): void {
    this.plan.clear();
  }
}
