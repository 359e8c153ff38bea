/**
 * What contenders for leadership write where all of them can see it: the `LeaderElectionRecord` of Kubernetes'
 * client-go, in the words of the Lease of `coordination.k8s.io/v1`. Others may have written it, by hand even: nothing
 * in it can be relied on to make sense.
 */
export interface LeaseRecord {
  /** Empty where nobody leads. */
  readonly holderIdentity: string;
  /** How long others wait from the moment when they saw the record change; `null` where it cannot be read. */
  readonly leaseDurationSeconds: number | null;
  /** ISO 8601, of the holder's own clock; `null` where it cannot be read. For people: nobody compares it with a clock. */
  readonly acquireTime: string | null;
  readonly renewTime: string | null;
  /** How often the holder changed. Starts again where somebody deletes the lease. */
  readonly leaseTransitions: number;
}

export interface StoredLease {
  readonly record: LeaseRecord;
  /** Differs for every state of the stored record; goes back into `update` as it is. */
  readonly version: string;
}

export type LeaseWriteOutcome =
  | { readonly kind: 'written'; readonly version: string }
  /** Another state is stored than the one that was expected. Nothing was changed. */
  | { readonly kind: 'conflict' };

/**
 * Where the one record of all contenders lives: an object store with optimistic concurrency.
 *
 * Invariant: of several writes that expect the same state at most one is `written`. A call that rejects, or is given up
 * by its signal, may still take effect.
 */
export interface ResourceLock {
  /** @returns `null` where there is none */
  read(signal: AbortSignal): Promise<StoredLease | null>;
  /** Only where there is none. */
  create(record: LeaseRecord, signal: AbortSignal): Promise<LeaseWriteOutcome>;
  /** Only where the stored state is still that of `version`. */
  update(record: LeaseRecord, version: string, signal: AbortSignal): Promise<LeaseWriteOutcome>;
}

export function sameRecord(a: LeaseRecord, b: LeaseRecord): boolean {
  return (
    a.holderIdentity === b.holderIdentity &&
    a.leaseDurationSeconds === b.leaseDurationSeconds &&
    a.acquireTime === b.acquireTime &&
    a.renewTime === b.renewTime &&
    a.leaseTransitions === b.leaseTransitions
  );
}
