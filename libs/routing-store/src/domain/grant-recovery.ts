import type { Grant } from './calls';
import type { PoolName } from './pool';

/** A grant that was acknowledged to a caller, as a replica remembers it. */
export interface ReassertCallCommand {
  readonly callSid: string;
  /** With the call's name it tells one grant from every other. */
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
   * The call has ended since it was granted: by a release, as its lease ran out, or as somebody deleted its lease or its
   * record. It stays ended.
   */
  | { readonly kind: 'ended' }
  /** The call was given another pod since; nothing was changed. */
  | { readonly kind: 'superseded'; readonly podName: string }
  /** The pod is full with other calls, which were given it since: two callers believe that they have it. */
  | { readonly kind: 'conflict'; readonly calls: readonly string[] }
  /** The store does not know the pod, or not yet again; nothing was changed. */
  | { readonly kind: 'unknown-pod' };

export interface ReassertReleaseCommand {
  readonly callSid: string;
  /** The number of the grant that ended. */
  readonly grantNumber: number;
}

export type ReassertReleaseOutcome =
  /** The store had lost the release; the call has ended now. */
  | { readonly kind: 'released' }
  /** The grant was not there; it is remembered that it has ended. */
  | { readonly kind: 'noted' };

/**
 * Tells a store whose data may be older than its answers (a failover, a restart) what it has answered. Every
 * operation is atomic, one round trip, and may be repeated; all throw `StoreUnavailableError`.
 *
 * Every end of a call leaves a short mark for its grant, so that a grant that is told late does not come to life
 * again. A new allocation of the same call is another grant, which no mark of an older one concerns.
 */
export interface GrantRecovery {
  /**
   * Restores a grant that was lost. Invariant: no pod ever holds more calls than its pool allows by it; a draining
   * pod, or one that is not ready, takes its own call back, since that call is live.
   */
  reassertCall(command: ReassertCallCommand): Promise<ReassertCallOutcome>;

  /** Repeats the end of a grant, whether or not the store knows the grant. */
  reassertRelease(command: ReassertReleaseCommand): Promise<ReassertReleaseOutcome>;

  /**
   * Tells the present era: a text that changes when the store may have lost what it acknowledged. Who notices the
   * change first makes the store give no new grants for `StoreTimings.failoverHoldMs`, so that others can tell theirs.
   * @param known the era as the caller knew it; `null` for one that starts, which must not delay anything
   */
  observeEra(known: string | null): Promise<string>;

  /** Calls the listener whenever the connection is back. @returns a function that ends it */
  onReconnect(listener: () => void): () => void;
}
