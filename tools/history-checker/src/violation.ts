import type { CallOperation } from './call-operation';

export type ViolationKind =
  /** A pod had more calls at once than it may have. */
  | 'double-grant'
  /** A live call was given a second pod. */
  | 'call-on-two-pods'
  /** The store did not know a call that was live, or gave it nothing. */
  | 'lost-call'
  /** An answer speaks of a past: a call that had ended, or a release that had happened already. */
  | 'stale-answer'
  /** A pod was named that there is none of. */
  | 'unknown-pod'
  /** After all calls have ended, something is still held. */
  | 'leak'
  /** The store counts other grants than the clients. */
  | 'wrong-grant-count'
  /** The audit of the store reports an outcome that was against the rules. */
  | 'not-allowed'
  /** The order of the audit is not one in which it can have happened. */
  | 'out-of-order'
  /** The audit reports something else than the clients. */
  | 'audit-mismatch'
  /** A part of the audit is missing. */
  | 'audit-gap';

export interface Violation {
  readonly kind: ViolationKind;
  /** One sentence for people. */
  readonly message: string;
  /** What it was seen in, in order of their starts; of a pod with too many calls, see the history of those calls. */
  readonly operations: readonly CallOperation[];
}
