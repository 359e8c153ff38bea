export interface CallToAllocate {
  readonly callSid: string;
  readonly merchantId: string;
  readonly provider: string;
  readonly flow?: string;
  readonly template?: string;
}

/** Why a call got no pod. */
export interface RefusedCall {
  readonly reason: string;
  /** Every pool of the chain and why it gave no pod, in order. */
  readonly attempts: readonly { readonly pool: string; readonly outcome: string }[];
}

export type AllocatedCall =
  | {
      readonly kind: 'allocated';
      readonly podName: string;
      readonly wsUrl: string;
      /** What goes beside the address, for providers that have room for it. */
      readonly parameters: Readonly<Record<string, string>>;
      readonly sourcePool: string;
      readonly wasExisting: boolean;
    }
  | ({ readonly kind: 'no-capacity' } & RefusedCall)
  | { readonly kind: 'call-ended' };

export type EndCallOutcome =
  { readonly kind: 'released'; readonly podName: string } | { readonly kind: 'unknown-call' };

/** What webhooks need of the allocation core. All reject where the store cannot be reached; all are safe to repeat. */
export interface CallOperations {
  allocate(call: CallToAllocate): Promise<AllocatedCall>;
  /** Releases the call and remembers for a while that it is over. */
  endCall(callSid: string): Promise<EndCallOutcome>;
  /** Whom the call belongs to: the provider that brought it, `null` for the API. `null` for a call that does not live. */
  ownerOf(callSid: string): Promise<{ readonly provider: string | null } | null>;
}
