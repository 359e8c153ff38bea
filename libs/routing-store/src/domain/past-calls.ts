import type { PoolAttempt } from './calls';
import type { CallView } from './fleet-reader';
import type { PoolName } from './pool';

/** How a call ended. */
export const END_REASONS = [
  /** By `release`. */
  'released',
  /** By `endCall`: its provider reported the end, or hung up without an answer. */
  'provider_ended',
  'pod_removed',
  /** Another incarnation came under the name of its pod. */
  'pod_restarted',
  'lease_expired',
  /** Its allocation could not be answered, and nobody came back for it. */
  'not_answered',
  /** Its record, or the lease of its pod, was deleted by hand. */
  'key_deleted',
  /** After a loss of data a process has shown that the pod, or the call itself, was given otherwise since. */
  'superseded',
] as const;

export type EndReason = (typeof END_REASONS)[number];

/** A call that held a pod and ended a short while ago. */
export interface EndedCall {
  readonly callSid: string;
  readonly podName: string;
  /** The pool that the pod was taken from; `null` where the record of the call was gone when it ended. */
  readonly pool: PoolName | null;
  readonly merchantId: string;
  readonly provider: string | null;
  /** Unix time in seconds; `null` where the record of the call was gone. */
  readonly allocatedAt: number | null;
  /** Unix time in seconds. */
  readonly endedAt: number;
  readonly reason: EndReason;
  readonly attempts: readonly PoolAttempt[];
}

/** A call that was refused a short while ago, and holds no pod since. */
export interface RefusedCall {
  readonly callSid: string;
  readonly merchantId: string;
  readonly provider: string | null;
  /** Unix time in seconds. */
  readonly refusedAt: number;
  readonly attempts: readonly PoolAttempt[];
}

/** What is known of a call. Of what is over the latest counts. */
export type FoundCall =
  | { readonly kind: 'live'; readonly call: CallView }
  | { readonly kind: 'ended'; readonly call: EndedCall }
  | { readonly kind: 'refused'; readonly call: RefusedCall };

/** How long a call is remembered that has ended or was refused. */
export const PAST_CALL_MS = 600_000;

/**
 * How many calls of each kind are remembered that end, or are refused, within a minute; of further ones nothing is. About
 * 50 MB in all where that lasts for ten minutes. See `includes/past-calls.lua`.
 */
export const PAST_CALLS_A_MINUTE = { ended: 12_000, refused: 3_000 } as const;
