import type { CallLedger } from './calls';
import type { ChangeLog } from './change-log';
import type { ConfigDocuments, Hints } from './config-documents';
import type { FleetReader } from './fleet-reader';
import type { GrantRecovery } from './grant-recovery';
import type { LeaderLease } from './leader-lease';
import type { LeaderEpochs } from './leader-epochs';
import type { PodDrains, PodRegistry } from './pods';

/** Lifetimes of what the store holds, in milliseconds. */
export interface StoreTimings {
  /** How long a call holds its pod without a heartbeat. */
  readonly leaseMs: number;
  /** How long the record of a call is kept; the call ends with the shorter of the two. */
  readonly callInfoMs: number;
  readonly drainMs: number;
  /** How long it is remembered that a call has ended. */
  readonly endedCallMs: number;
  /** How long calls are held at least once it is noticed that the store may have lost some; 0: they are never held. */
  readonly failoverHoldMs: number;
  /** A process that lived at the loss and is silent since is waited for at most this time before calls are placed again. */
  readonly failoverHoldMaxMs: number;
}

/**
 * How long the mark of a grant that ended is kept. Longer than a process remembers its grants, so that no late replay of
 * one outlives the mark.
 */
export const RELEASED_MARK_MS = 120_000;

/** How long the lease of a pod stands that was written anew for calls whose own ran out and that were not ended. */
export const RESTORED_LEASE_MS = 600_000;

export const DEFAULT_TIMINGS: StoreTimings = {
  leaseMs: 24 * 3_600_000,
  callInfoMs: 24 * 3_600_000,
  drainMs: 6 * 60_000,
  endedCallMs: 10 * 60_000,
  failoverHoldMs: 1_000,
  failoverHoldMaxMs: 5_000,
};

/** That this process cannot reach the store; whether others can is not known to it. */
export interface StoreOutage {
  /** Wall clock, in milliseconds. */
  readonly sinceMs: number;
  readonly lastsMs: number;
  /** A code fit for anybody: `ECONNREFUSED`, `READONLY`, `TIMEOUT`. */
  readonly code: string;
}

/** That the store answers and takes no writes. */
export interface WriteRefusal {
  /** When this was noticed first; wall clock, in milliseconds. */
  readonly sinceMs: number;
  /** A code fit for anybody: the first word of the server's answer, as `OOM`. */
  readonly code: string;
}

/**
 * The state of pods, pools and calls: one thing with a small set of atomic operations, each on the port that it belongs
 * to. Ask for the narrowest port that does. Two adapters, Redis and memory, pass one contract suite.
 */
export interface RoutingStore {
  readonly kind: 'redis' | 'memory';
  readonly calls: CallLedger;
  readonly recovery: GrantRecovery;
  readonly drains: PodDrains;
  /** Written by the leader alone. */
  readonly pods: PodRegistry;
  readonly leadership: LeaderEpochs;
  readonly lease: LeaderLease;
  readonly reader: FleetReader;
  readonly documents: ConfigDocuments;
  readonly changeLog: ChangeLog;
  readonly hints: Hints;
  /**
   * Opens all connections, trying again for as long as the start may take; operations fail before. It may be called
   * again after it failed, and after `close`.
   * @param signal aborting it gives up @throws where the store cannot be reached in that time
   */
  connect(signal?: AbortSignal): Promise<void>;
  /** @returns the time of one round trip in milliseconds @throws StoreUnavailableError */
  ping(): Promise<number>;
  /** Proves that calls can be placed, by a write that changes nothing. @throws StoreUnavailableError */
  probe(): Promise<void>;
  /** Since when this process has no connection to it; `null` while it has one, and before the first. */
  outage(): StoreOutage | null;
  /** Since when and why it takes no writes, so that no call can be placed; `null` as far as is known. */
  writeRefusal(): WriteRefusal | null;
  /**
   * What makes the store less safe than it should be, or unfit, as codes: `EVICTION_POSSIBLE`, `EVICTION_UNKNOWN`,
   * `WAIT_BELOW_REPLICAS`, `STORE_REFUSES_WRITES`, `WRONG_STORE`, `CREDENTIALS_REFUSED`, `HINTS_REFUSED`. Empty where all is well.
   */
  warnings(): readonly string[];
  /** Ends all connections and subscriptions; safe to repeat. */
  close(): Promise<void>;
}
