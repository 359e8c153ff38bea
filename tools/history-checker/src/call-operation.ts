/**
 * What a client was answered. `unknown`: nothing that counts (no answer, a broken connection, "store unavailable"), so the
 * operation may take effect at any time from its start on, or never.
 */
export type Result =
  | { readonly kind: 'allocated'; readonly pod: string; readonly wasExisting: boolean }
  | { readonly kind: 'no-capacity' }
  | { readonly kind: 'call-ended' }
  | { readonly kind: 'released'; readonly pod: string }
  | { readonly kind: 'unknown-call' }
  | { readonly kind: 'alive'; readonly pod: string }
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'unknown' };

/** `end-call` is a status callback of a provider: it is acknowledged, and no allocation of the call succeeds after it. */
export type OperationName = 'allocate' | 'release' | 'end-call' | 'heartbeat';

/** One request of one client, as that client saw it. All times are of one monotonic clock. */
export interface CallOperation {
  readonly client: number;
  readonly op: OperationName;
  readonly callSid: string;
  readonly invokeNs: number;
  /** `null` where the result is unknown. */
  readonly returnNs: number | null;
  readonly result: Result;
}

/** The last moment at which the operation can have taken effect. */
export function latestEffectNs(operation: CallOperation): number {
  return operation.returnNs ?? Infinity;
}
