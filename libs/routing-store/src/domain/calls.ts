import type { CallOwner } from './call-owners';
import type { PoolName } from './pool';

/** What a call was given. One call holds at most one grant, and keeps it until it ends. */
export interface Grant {
  readonly podName: string;
  /** The pool that the pod was taken from. */
  readonly pool: PoolName;
  /** Unix time in seconds. */
  readonly allocatedAt: number;
  /**
   * The store's Unix time in microseconds, but always higher than that of every grant before. With the call's name it
   * distinguishes this grant from every other of the same call, and which of two came first.
   */
  readonly number: number;
}

/** Why a pool of the chain gave no pod, the nearest to one first. */
export const SKIP_REASONS = [
  /** Its pods that may take calls have as many as they may. */
  'full',
  /** Some of its pods drain; whether the others are full or not ready was not looked at. */
  'unknown',
  /** Of its pods those that do not drain are not ready. */
  'not_ready',
  /** All its pods drain. */
  'draining',
  /** Something else stands under a key of the pool. */
  'wrong_type',
  'no_pods',
  /** The store has no policy for the pool: no leader has configured it, or nobody knows it. */
  'unknown_pool',
] as const;

export type SkipReason = (typeof SKIP_REASONS)[number];

/** One step of the walk along the chain, in order. */
export interface PoolAttempt {
  readonly pool: PoolName;
  readonly outcome: SkipReason | 'granted';
}

export interface AllocateCommand {
  readonly callSid: string;
  /** Empty where the caller named no merchant. */
  readonly merchantId: string;
  /** The pools to try, in order; names without pods or without a policy are skipped. */
  readonly chain: readonly PoolName[];
  /**
   * The raw merchant config that `chain` was made from, `null` for none. The store compares it with what it holds,
   * so that a change takes effect on the very next call without a read of its own.
   */
  readonly knownMerchantConfig: string | null;
  /** In whose name the call is brought: the owner of the call follows from it. Left out or empty: the API. */
  readonly provider?: string;
  /** The owners whose calls the request may see. Left out: all of them. */
  readonly owners?: readonly CallOwner[];
  /**
   * Names this attempt, unlike any other. Where its outcome stays unknown, `GrantRecovery.abandonGrant` ends what it got,
   * unless another attempt has met the grant since. Left out: nobody will ask.
   */
  readonly request?: string;
  /** See {@link CommandLimit}. */
  readonly limit?: CommandLimit;
}

/** Until when a command may take effect. Left out: whenever it arrives. */
export interface CommandLimit {
  /** The store's Unix time in milliseconds. A command that arrives later changes nothing. */
  readonly notAfterMs: number;
}

export type AllocateOutcome =
  | { readonly kind: 'allocated'; readonly grant: Grant; readonly attempts: readonly PoolAttempt[] }
  /** `provider`: in whose name the call was brought, by an earlier request. */
  | { readonly kind: 'existing'; readonly grant: Grant; readonly provider: string | null }
  /** Nothing was done: the call lives, and belongs to another owner than the request acts for. */
  | { readonly kind: 'foreign-call' }
  | { readonly kind: 'no-capacity'; readonly attempts: readonly PoolAttempt[] }
  /** The end of this call was reported for its owner a short while ago; a late allocate takes no pod. */
  | { readonly kind: 'call-ended' }
  /** Nothing was done: the chain was made from an outdated merchant config. Resolve it again and repeat. */
  | { readonly kind: 'merchant-config-changed'; readonly merchantConfig: string | null };

export type ReleaseOutcome =
  | {
      readonly kind: 'released';
      readonly podName: string;
      /** The pool where the pod belongs now. */
      readonly pool: PoolName;
      /** A draining pod is not offered again until its drain ends. */
      readonly wasDraining: boolean;
      /** The number of the grant that ended. */
      readonly grantNumber: number;
    }
  /**
   * No live call of this name: never allocated, released before, or run out. Nothing was changed. `upToNumber`: no grant with
   * a number up to this one lives, as far as a release knows.
   */
  | { readonly kind: 'unknown-call'; readonly upToNumber?: number };

/** The report that a call has ended. */
export interface EndCallCommand {
  readonly callSid: string;
  /** The owners whose calls it may end, and whose requests for the call take no pod any more. At least one. */
  readonly owners: readonly CallOwner[];
  /**
   * Of how many calls that the store has never met the first of the owners may report the end within
   * `StoreTimings.endedCallMs`, so that marks of those are bounded. Left out: of any number.
   */
  readonly maxUnknown?: number;
  /** See {@link CommandLimit}. */
  readonly limit?: CommandLimit;
}

export type EndCallOutcome =
  | ReleaseOutcome
  /** Nothing was done: the call does not live, and its end is not remembered, as too many such ends are. */
  | { readonly kind: 'too-many-unknown' }
  /** Nothing was done: the call lives, and belongs to another owner. */
  | { readonly kind: 'foreign-call' };

export type HeartbeatOutcome =
  /** `expiresAt` is Unix time in milliseconds. */
  | { readonly kind: 'renewed'; readonly podName: string; readonly expiresAt: number }
  | { readonly kind: 'unknown-call' };

/** How long the list of requests may be that have met a grant and may be taken back; with more, somebody knows of it for certain. */
export const MAX_REQUESTS_LENGTH = 200;

/**
 * The life of a call. Every operation is atomic and is one round trip: no other process, and no crash, sees a state
 * between its start and its end. All of them throw `StoreUnavailableError` where the store cannot be reached in
 * time; the outcome is then unknown, and repeating the operation is safe. Nothing was done where it is one of its
 * subclasses: `StoreHeldError` while processes replay what the store may have lost, `LateCommandError` for a command that
 * arrived after its limit.
 */
export interface CallLedger {
  /**
   * Gives the call a pod with room from the first pool of the chain that has one.
   *
   * Invariants: the same call keeps its pod while it lives, whoever asks; a pod never holds more calls than the policy
   * of its pool allows; a draining, not ready or unregistered pod is never given.
   */
  allocate(command: AllocateCommand): Promise<AllocateOutcome>;

  /** Ends the call and offers its slot again, in the pool where the pod belongs now. Frees no other call's slot. */
  release(callSid: string, limit?: CommandLimit): Promise<ReleaseOutcome>;

  /**
   * As `release`, and remembers for `StoreTimings.endedCallMs` that the call has ended, so that a late duplicate of
   * its allocate request takes no pod. The mark is set for a call that never lived here, too. Invariant: a live call of
   * another owner is left alone, and no other owner is barred. A repeated report of an unknown call makes its mark last no longer.
   */
  endCall(command: EndCallCommand): Promise<EndCallOutcome>;

  /** Extends the lease of a live call by a full lease time from now. */
  heartbeat(callSid: string, limit?: CommandLimit): Promise<HeartbeatOutcome>;
}
