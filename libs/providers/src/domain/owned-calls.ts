import type { AllocatedCall, CallOperations, CallToAllocate, EndCallOutcome } from './call-operations';

/** The call belongs to somebody else: nothing was changed, and nothing is told of it. */
export interface ForeignCall {
  readonly kind: 'foreign-call';
}

export interface OwnedCallsOptions {
  readonly calls: CallOperations;
  /**
   * Whether requests in the name of this provider prove who sent them, or nobody's do. Only then may it speak for a call
   * that the API brought without naming a provider.
   */
  readonly isTrusted: (provider: string) => boolean;
}

/**
 * Calls as one provider may see and end them: its own, and where it is trusted those of the API that name no provider.
 *
 * Invariant: no request of one provider ends, bars or reveals a live call of another. The owner is read before the end,
 * so it takes a call that was ended and brought anew by another provider between the two to break this.
 */
export class OwnedCalls {
  constructor(private readonly options: OwnedCallsOptions) {}

  async allocate(call: CallToAllocate): Promise<AllocatedCall | ForeignCall> {
    const outcome = await this.options.calls.allocate(call);
    // A call that got its pod now is this provider's.
    if (outcome.kind !== 'allocated' || !outcome.wasExisting) return outcome;
    return (await this.mayAct(call.provider, call.callSid)) ? outcome : { kind: 'foreign-call' };
  }

  async endCall(provider: string, callSid: string): Promise<EndCallOutcome | ForeignCall> {
    return (await this.mayAct(provider, callSid)) ? this.options.calls.endCall(callSid) : { kind: 'foreign-call' };
  }

  private async mayAct(provider: string, callSid: string): Promise<boolean> {
    const owner = await this.options.calls.ownerOf(callSid);
    if (owner === null) return true;
    // The API takes the name of a provider as its client writes it.
    return owner.provider === null ? this.options.isTrusted(provider) : owner.provider.toLowerCase() === provider;
  }
}
