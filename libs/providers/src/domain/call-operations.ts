/** In the name of a provider. */
interface ProviderCall {
  readonly callSid: string;
  /**
   * The owners whose live calls the request may see and end, and that its end bars: the provider, and where it is trusted
   * the API, for calls that name no provider.
   */
  readonly owners: readonly string[];
}

export interface CallToEnd extends ProviderCall {
  readonly provider: string;
  /** Of how many calls that were never met the provider may report the end within the time that ends are remembered. */
  readonly maxUnknown: number;
}

export interface CallToAllocate extends ProviderCall {
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
  | { readonly kind: 'call-ended' }
  | ForeignCall;

export type EndCallOutcome =
  | { readonly kind: 'released'; readonly podName: string }
  | { readonly kind: 'unknown-call' }
  | ForeignCall
  /** The call does not live, and its end is not remembered, as too many such ends are. */
  | { readonly kind: 'too-many-unknown' };

/** The call belongs to somebody else: nothing was changed, and nothing is disclosed of it. */
export interface ForeignCall {
  readonly kind: 'foreign-call';
}

/** What webhooks need of the allocation core. All reject where the store cannot be reached; all are safe to repeat. */
export interface CallOperations {
  allocate(call: CallToAllocate): Promise<AllocatedCall>;
  /** Releases the call and remembers for a while that it is over. */
  endCall(call: CallToEnd): Promise<EndCallOutcome>;
}
