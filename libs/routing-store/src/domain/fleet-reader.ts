import type { PoolAttempt } from './calls';
import type { FoundCall } from './past-calls';
import type { PoolName, PoolPolicy } from './pool';

/** `draining` wins over `allocated` (at least one live call), which wins over `available`. */
export type PodStatus = 'available' | 'allocated' | 'draining';

/** Unix times in milliseconds. */
export interface PodDrain {
  /** `null` for one that was set by hand. */
  readonly sinceMs: number | null;
  /** `null` for one that lasts until it is taken back. */
  readonly endsMs: number | null;
}

export interface PodView {
  readonly podName: string;
  readonly pool: PoolName;
  readonly status: PodStatus;
  readonly isDraining: boolean;
  /** `null` where it does not drain. */
  readonly drain: PodDrain | null;
  readonly ready: boolean;
  /** It is on its way out, and its drain cannot be taken back. */
  readonly terminating: boolean;
  readonly incarnation: string;
  /** The call that the pod's lease names: on a shared pod the latest. */
  readonly leaseCallSid: string | null;
  /** All live calls, oldest first. */
  readonly calls: readonly string[];
}

export interface CallView {
  readonly callSid: string;
  readonly podName: string;
  /** The pool that the pod was taken from. */
  readonly pool: PoolName;
  readonly merchantId: string;
  readonly provider: string | null;
  /** Unix time in seconds. */
  readonly allocatedAt: number;
  /** When the lease runs out, Unix time in milliseconds. In the past for a call that the leader has not ended yet. */
  readonly expiresAt: number;
  /** The decision behind the grant: the chain as far as it was tried. */
  readonly attempts: readonly PoolAttempt[];
}

export interface PoolStats {
  readonly pool: PoolName;
  readonly policy: PoolPolicy;
  /** Pods of the pool. */
  readonly assigned: number;
  /** Pods that can take a call now. */
  readonly available: number;
  /** Live calls on pods of the pool. */
  readonly activeCalls: number;
  readonly draining: number;
}

export interface LeaderView {
  readonly identity: string;
  readonly epoch: number;
  /** Unix time in milliseconds. */
  readonly since: number;
}

export interface FleetStats {
  readonly pools: readonly PoolStats[];
  readonly activeCalls: number;
  readonly leader: LeaderView | null;
}

/** What no count of a pool shows. */
export interface FleetConditions {
  /** Pods that are not ready, by pool; pools without any are left out. */
  readonly notReady: ReadonlyMap<PoolName, number>;
  /** Time since the oldest of the live calls was granted, in milliseconds; `null` where there is none. */
  readonly oldestCallMs: number | null;
  /**
   * Time since the oldest drain of a pool began that still lasts, in milliseconds; pools without any are left out. '' stands
   * for pods whose pool is not known, until the leader has repaired them.
   */
  readonly oldestDrainsMs: ReadonlyMap<PoolName, number>;
}

/** A page of a list in a stable order. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Give it back for the next page; `null` at the end. A page may be short, even empty, before the end. */
  readonly cursor: string | null;
}

export interface PageRequest {
  /** From 1 to 500. */
  readonly limit: number;
  readonly cursor?: string;
}

export interface PodFilter {
  readonly pool?: PoolName;
  readonly status?: PodStatus;
}

export interface CallFilter {
  readonly pool?: PoolName;
  readonly merchantId?: string;
}

/** What operators, probes and metrics read. Each read is one consistent view and one round trip, unless it says otherwise. */
export interface FleetReader {
  /** Counts per pool, pools in the order of their names. The cost follows the number of pools, not of pods or calls. */
  fleetStats(): Promise<FleetStats>;
  /** In pages of many pods, and not one view of all. The cost follows the number of pods, not of calls. */
  fleetConditions(): Promise<FleetConditions>;
  pod(podName: string): Promise<PodView | null>;
  /** By name. */
  pods(request: PageRequest, filter?: PodFilter): Promise<Page<PodView>>;
  /** Only while the call lives: until it was released or the leader has ended it. */
  call(callSid: string): Promise<CallView | null>;
  /** Also a call that has ended or was refused, for `PAST_CALL_MS`, as far as `PAST_CALLS_A_MINUTE` allows. */
  findCall(callSid: string): Promise<FoundCall | null>;
  /** By the end of the lease; a call whose lease is renewed meanwhile may be met twice, never missed. */
  calls(request: PageRequest, filter?: CallFilter): Promise<Page<CallView>>;
}
