import type { PoolName, ReassertCallOutcome, ReassertReleaseOutcome, RefusalReason } from '@smart-router/routing-store';
import type { JournalEntryKind } from './recovery/grant-journal';

export type AllocationStatus = 'allocated' | 'existing' | 'no_capacity' | 'call_ended' | 'foreign_call' | 'error';

export interface ObservedAllocation {
  readonly status: AllocationStatus;
  /** The label of the pool that the pod came from; `null` where there is none. */
  readonly pool: string | null;
  /** From the question to the answer, all round trips together. */
  readonly durationMs: number;
  /** How many pools were tried, the one that gave the pod included; `null` where none was tried. */
  readonly chainDepth: number | null;
}

/** A call that got no pod. */
export interface ObservedRefusal {
  /** The first pool of the call's chain; `null` where it is a dedicated pool that the store does not know. */
  readonly firstPool: PoolName | null;
  readonly reason: RefusalReason;
}

export type ReleaseStatus = 'released' | 'unknown_call' | 'foreign_call' | 'error';

export interface ObservedRelease {
  readonly status: ReleaseStatus;
  /** The label of the pool that the pod went back to; `null` where there is none. */
  readonly pool: string | null;
}

/** What happens to calls and pods here, for metrics. Implementations must not throw. */
export interface AllocatorObserver {
  allocationFinished(allocation: ObservedAllocation): void;
  /** Beside `allocationFinished`. */
  callRefused(refusal: ObservedRefusal): void;
  releaseFinished(release: ObservedRelease): void;
  /** An operator, or the pod itself, took a pod out of service. */
  podDrained(): void;
}

/** What becomes of what processes replay, for metrics. Implementations must not throw. */
export interface ReplayObserver {
  /** `conflict`: two callers believe that they have the pod. `failed`: the store could not handle this one. */
  grantReasserted(outcome: ReassertCallOutcome['kind'] | 'failed'): void;
  endReasserted(outcome: ReassertReleaseOutcome['kind'] | 'failed'): void;
  /** A grant that nobody came back for was ended. */
  grantAbandoned(): void;
  /** A request of unknown outcome is not followed up any more. */
  requestDropped(): void;
  /** A grant or an end is not remembered for as long as it should be, since there are too many. */
  entryDropped(kind: JournalEntryKind): void;
}
