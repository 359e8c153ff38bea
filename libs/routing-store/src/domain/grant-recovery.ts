import type { CallOwner } from './call-owners';
import type { Grant } from './calls';
import type { PoolName } from './pool';

/** A grant that was acknowledged to a caller, as a process remembers it. */
export interface ReassertCallCommand {
  readonly callSid: string;
  /** With the call's name it identifies the grant. */
  readonly grant: Grant;
  /** Empty where the caller named no merchant. */
  readonly merchantId: string;
  readonly provider?: string;
}

export type ReassertCallOutcome =
  /** The store knows the grant; nothing was changed. */
  | { readonly kind: 'kept' }
  /** The store had lost the grant, and holds the pod for the call again. `pool`: where the pod belongs now. */
  | { readonly kind: 'restored'; readonly pool: PoolName }
  /**
   * The call has ended since it was granted: by a release, as its lease ran out, as somebody deleted its lease or its
   * record, or as its exclusive pod was given to another call later. It stays ended.
   */
  | { readonly kind: 'ended' }
  /** The call was given another pod later; nothing was changed. */
  | { readonly kind: 'superseded'; readonly podName: string }
  /**
   * The pod is full with other calls. While grants are held, the end of one of them may still be replayed. After that,
   * two callers believe that they have the pod.
   */
  | { readonly kind: 'conflict'; readonly calls: readonly string[] }
  /** The store does not know the pod, or not yet again; nothing was changed. */
  | { readonly kind: 'unknown-pod' };

export interface ReassertReleaseCommand {
  readonly callSid: string;
  /** All grants of the call with numbers up to this one have ended: a number, or a time in microseconds. */
  readonly upToNumber: number;
  /** Its caller was not answered: a request that has met the grant since then wants it, and it stays. */
  readonly isUnanswered?: boolean;
}

/** The end of a call that was reported in the name of a provider. */
export interface ReassertEndCommand {
  readonly callSid: string;
  /** As in `ReassertReleaseCommand`. */
  readonly upToNumber: number;
  /** See `EndCallCommand.owners`. */
  readonly owners: readonly CallOwner[];
}

export type ReassertReleaseOutcome =
  /** The store had lost the release; the call has ended now. */
  | { readonly kind: 'released' }
  /** No such grant was there; it is remembered that it has ended. */
  | { readonly kind: 'noted' }
  /** The release was not answered, and a request has met the grant since: it continues. */
  | { readonly kind: 'kept' };

export interface AbandonGrantCommand {
  readonly callSid: string;
  /** See `AllocateCommand.request`. */
  readonly request: string;
}

export type AbandonGrantOutcome =
  /** The request had got a pod, and nobody else knew of it. */
  | { readonly kind: 'abandoned'; readonly grantNumber: number }
  /**
   * It had got none, or another request has met the grant: it continues. `endedUpToNumber`: grants of the call up to this one
   * have ended a short while ago, perhaps by a first try of the same.
   */
  | { readonly kind: 'claimed'; readonly endedUpToNumber?: number };

/** How far a process has replayed what it knows, in one generation. */
export type ReplayPhase =
  | 'nothing'
  /** The ends of calls; of a leader, also which pods there are. */
  | 'ends'
  | 'everything'
  /** It ends in order, and has nothing more to replay. */
  | 'leaving';

/** What a process says of itself whenever it looks at the store. */
export interface GenerationReport {
  /** A name that no other process has, and this one only until it ends. `null`: it only looks. */
  readonly member: string | null;
  /** The generation that it knows; `null` for one that starts. */
  readonly known: string | null;
  /** In the known generation. */
  readonly phase: ReplayPhase;
  /** Who lived when it looked last: the store may have lost them. */
  readonly liveMembers: readonly string[];
}

export interface GenerationView {
  /** A text that changes when the store may have lost what it acknowledged. */
  readonly generation: string;
  /** Calls are held: what was acknowledged before is being replayed. */
  readonly isHeld: boolean;
  /** No process that is waited for has an end to replay any more. */
  readonly areEndsIn: boolean;
  /** Unix time in microseconds. */
  readonly storeTimeUs: number;
  /** No grant so far has a higher number. More than the time where that is behind the one of a former master. */
  readonly highestNumber: number;
  readonly liveMembers: readonly string[];
}

/**
 * Restores in a store whose data may be older than its answers (a failover, a restart) what it has answered. Every
 * operation is atomic, one round trip, and may be repeated; all throw `StoreUnavailableError`.
 *
 * Every end of a call leaves a short mark with the number of its grant, so that a grant that is replayed late does not
 * come to life again. A new allocation of the same call has a higher number, which no mark concerns.
 */
export interface GrantRecovery {
  /**
   * Restores a grant that was lost. Invariant: no pod ever holds more calls than its pool allows by it; a draining
   * pod, or one that is not ready, takes its own call back, since that call is live.
   */
  reassertCall(command: ReassertCallCommand): Promise<ReassertCallOutcome>;

  /** Repeats the end of a call, whether or not the store knows the grant. */
  reassertRelease(command: ReassertReleaseCommand): Promise<ReassertReleaseOutcome>;

  /**
   * Repeats the end of a call by a status callback, which bars it, unless a later grant than the named ones lives. A live
   * call of another owner continues; the owners of the end are barred beside it.
   */
  reassertEnd(command: ReassertEndCommand): Promise<ReassertReleaseOutcome>;

  /** Ends what a request of unknown outcome has got, if nobody knows of it. @throws StoreHeldError */
  abandonGrant(command: AbandonGrantCommand): Promise<AbandonGrantOutcome>;

  /**
   * Reports this process to the store, and returns the generation. Who notices first that another generation has begun makes
   * the store hold calls until every process that lived before has reported `everything`, but no longer than it is waited
   * for silent ones (`StoreTimings.failoverHoldMaxMs`), and at least `StoreTimings.failoverHoldMs`.
   */
  checkGeneration(report: GenerationReport): Promise<GenerationView>;

  /** Calls the listener whenever the connection is back. @returns a function that ends it */
  onReconnect(listener: () => void): () => void;
}

/** The longest time in which calls are held after a loss, whatever anybody reports; a process that nobody expected begins it once more. */
export const LONGEST_HOLD_MS = 30_000;

/** A process that has not reported for that time did not live any more at the loss. */
export const LIVE_MS = 5_000;
