import type { ChangeAuthor } from './change-log';
import type { Page } from './fleet-reader';
import type { PoolName, PoolPolicy } from './pool';

export type DrainOutcome =
  { readonly kind: 'draining'; readonly activeCalls: number } | { readonly kind: 'unknown-pod' };

export type UndrainOutcome =
  | { readonly kind: 'undrained'; readonly activeCalls: number }
  | { readonly kind: 'unknown-pod' }
  /** Nothing was done: the pod is on its way out, and takes no call any more whatever its drain. */
  | { readonly kind: 'terminating' };

export interface DrainOptions {
  /** How long it lasts, in milliseconds, or until it is taken back. Left out: `StoreTimings.drainMs`. */
  readonly lasts?: number | 'until-undrained';
  /** A drain that ends later already stays as it is: the leader must not shorten what an operator has chosen. */
  readonly onlyProlong?: boolean;
  /**
   * Whose change it is: a pod that did not drain before gets a record in the change log. Left out by the leader, whose
   * drains follow the pods and are nobody's change.
   */
  readonly by?: ChangeAuthor;
}

/** Taking a pod out of service and back; open to operators and to the leader. */
export interface PodDrains {
  /**
   * No new call lands on the pod once this returns; its live calls continue. Repeating it sets the end anew, and keeps the
   * beginning. Once its end has come, by the store's clock, the next call may get the pod: no process has to notice.
   */
  drain(podName: string, options?: DrainOptions): Promise<DrainOutcome>;

  /** Takes the drain back; the pod is offered again with the load that it really has. */
  undrain(podName: string, options?: Pick<DrainOptions, 'by'>): Promise<UndrainOutcome>;
}

export interface RegisterPodCommand {
  readonly podName: string;
  /**
   * One life of the pod name, on Kubernetes its UID and its container. Another value ends the calls of the life before;
   * `a/b` is the same life as `a`, of which more is known, and less never takes the place of more.
   */
  readonly incarnation: string;
  /** A pod that is not ready keeps its calls and gets no new ones. */
  readonly ready: boolean;
  /** It is on its way out, and does not come back in this incarnation. Left out: it is not. */
  readonly terminating?: boolean;
  /** Where a pod that is new to the store goes; a known pod stays where it is. Must have a policy. */
  readonly pool: PoolName;
  /** Free-form facts for operators, stored as JSON. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface RegisterPodOutcome {
  /** `restarted`: a new incarnation took the place of an old one. */
  readonly kind: 'added' | 'restarted' | 'known';
  /** The pool where the pod is now. */
  readonly pool: PoolName;
  /** Calls of the old incarnation, which ended. */
  readonly endedCalls: readonly string[];
}

export type RemovePodOutcome =
  | { readonly kind: 'removed'; readonly endedCalls: readonly string[] }
  | { readonly kind: 'unknown-pod' }
  /** Another incarnation lives under this name by now; nothing was changed. */
  | { readonly kind: 'superseded' };

export type MovePodOutcome =
  | { readonly kind: 'moved'; readonly from: PoolName }
  /** It was to move only if idle, and it holds a call or drains. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'unknown-pod' };

export type RepairPodOutcome =
  | { readonly kind: 'unknown-pod' }
  /** `changed`: something was wrong. `endedCalls`: their `call:` or `lease:` key was gone. */
  | { readonly kind: 'repaired'; readonly changed: boolean; readonly endedCalls: readonly string[] };

export interface ExpireLeasesOutcome {
  readonly endedCalls: readonly { readonly callSid: string; readonly podName: string }[];
  /** Pods whose drain ran out and which are offered again. */
  readonly endedDrains: readonly string[];
  /** Whether the limit was reached, so that another pass may find more. */
  readonly more: boolean;
  /** Calls that were kept although their lease ran out. */
  readonly heldBack: number;
  /** Whether leases are among theirs that were not suspect before. */
  readonly hasNewSuspects: boolean;
  /** The store's own clock, Unix time in milliseconds. */
  readonly storeTimeMs: number;
}

/** What the leader knows of the store's clock. */
export interface ExpiryPolicy {
  /** Leases that end until then, in the store's time, are suspect: a clock that jumped may have ended them. 0: none. */
  readonly suspectUntilMs: number;
  /** Whether these have certainly run out by now, where they were not renewed. */
  readonly isConfirmed: boolean;
  /** Later it cannot be for the store, unless its clock has jumped. */
  readonly latestStoreTimeMs: number;
}

/** Of a leader that knows nothing yet. */
export const DEFAULT_EXPIRY_POLICY: ExpiryPolicy = {
  suspectUntilMs: 0,
  isConfirmed: false,
  latestStoreTimeMs: Number.MAX_SAFE_INTEGER,
};

/**
 * How many leases may run out at once and be believed: 5, or 20 % of all where that is more. More than that is rather a
 * clock of the store that jumped, and then the calls continue. What callers forget day by day is far less; 5 keeps a small
 * fleet from waiting for every call.
 */
export const MASS_EXPIRY = { alwaysBelieved: 5, believedShare: 0.2 } as const;

export interface SweepOutcome {
  /** Entries that did not belong here and were taken out. */
  readonly evicted: readonly string[];
  /** Pods that the store holds and did not list. They are listed again, and need `repairPod`. */
  readonly found: readonly string[];
  /** Where the next pass continues; `null` at the end. */
  readonly cursor: string | null;
}

/**
 * Membership of pods in pools. Only the leader writes it. Each write names the leader's epoch, and the store refuses
 * an epoch older than the newest that ever wrote (`StaleEpochError`), so that a leader that was paused and wakes up
 * changes nothing. Every operation is atomic and one round trip.
 */
export interface PodRegistry {
  /**
   * Sets a pool's policy. Where the type changes, calls and pods stay; the pods move to the new structure one by one
   * as `repairPod` meets them, and can be allocated all the while.
   * @returns whether the type changed, so that the pool's pods need `repairPod`
   */
  configurePool(epoch: number, pool: PoolName, policy: PoolPolicy): Promise<{ readonly typeChanged: boolean }>;

  /** Forgets a pool that has no pods any more. */
  removePool(epoch: number, pool: PoolName): Promise<{ readonly kind: 'removed' | 'has-pods' | 'unknown-pool' }>;

  /** Makes the pod known, or brings what is known up to date. @throws UnknownPoolError, InvalidPodNameError */
  registerPod(epoch: number, command: RegisterPodCommand): Promise<RegisterPodOutcome>;

  /** The pod is gone: its calls end and nothing of it stays. With `incarnation`, only where that one still lives. */
  removePod(epoch: number, podName: string, incarnation?: string): Promise<RemovePodOutcome>;

  /** Moves the pod with its calls to another pool. @throws UnknownPoolError */
  movePod(epoch: number, podName: string, pool: PoolName, options: { onlyIdle: boolean }): Promise<MovePodOutcome>;

  /**
   * Brings everything that depends on the pod's live calls back in line with them: score, availability, lease,
   * indexes. Ends calls whose `call:` or `lease:` key was deleted by hand.
   */
  repairPod(epoch: number, podName: string): Promise<RepairPodOutcome>;

  /**
   * Pods that may need `repairPod`, by name; all others need none. Looks at a bounded number of pods per call, and writes
   * nothing. A pod that drains is always among them.
   * @param cursor `null` at first
   */
  findSuspects(cursor: string | null): Promise<Page<string>>;

  /** Takes members out of the pool's sets that do not belong to it, a bounded number per pass. */
  sweepPool(epoch: number, pool: PoolName, cursor: string | null): Promise<SweepOutcome>;

  /**
   * Takes entries out of the indexes of the whole fleet that no pod stands behind, a bounded number per pass: calls that
   * their pod does not hold, drains and metadata of pods that are unknown. Entries that are missing are restored by
   * `repairPod`, which comes first.
   */
  sweepIndexes(epoch: number, cursor: string | null): Promise<SweepOutcome>;

  /**
   * Ends calls whose lease ran out, and drains, looking at `limit` of each at most. The cost follows the number
   * that ran out. Suspect leases end no call until they are confirmed; those are suspect that run out by a clock that
   * jumped, or more of them at once than {@link MASS_EXPIRY} believes.
   */
  expireLeases(epoch: number, limit: number, policy?: ExpiryPolicy): Promise<ExpireLeasesOutcome>;
}
