import {
  type AllocateOutcome,
  type CallLedger,
  type CallOwner,
  isDedicatedPool,
  type PoolAttempt,
  poolLabel,
  type RefusalReason,
  refusalReason,
  StoreUnavailableError,
} from '@smart-router/routing-store';
import type { ChainResolver } from '@smart-router/tier-config';
import type { AllocationStatus, AllocatorObserver, ObservedRefusal } from './observer';
import type { MediaAddress, WsUrlValues } from './ws-url-template';

interface AllocationRequest {
  readonly callSid: string;
  /** Empty where the caller named no merchant. */
  readonly merchantId: string;
  readonly provider?: string;
  readonly flow?: string;
  readonly template?: string;
}

/** A request in the name of a provider. */
export interface ProviderAllocationRequest extends AllocationRequest {
  /** The owners whose calls it may see. */
  readonly owners: readonly CallOwner[];
}

/** The call lives, and belongs to another owner than the request acts for: nothing was done. */
export interface ForeignCall {
  readonly kind: 'foreign-call';
}

/** Why a call got no pod. */
export interface RefusedCall {
  readonly reason: RefusalReason;
  /** Every pool of the chain and why it gave no pod, in order. */
  readonly attempts: readonly PoolAttempt[];
}

export type Allocation =
  | {
      readonly kind: 'allocated';
      readonly podName: string;
      /** Where the call's media goes. */
      readonly wsUrl: string;
      /** What goes beside the address, for providers that have room for it. */
      readonly parameters: Readonly<Record<string, string>>;
      /** The label of the pool that the pod was taken from: `pool:standard`, `merchant:acme`. */
      readonly sourcePool: string;
      /** The call had its pod before. */
      readonly wasExisting: boolean;
      /** Unix time in seconds. */
      readonly allocatedAt: number;
    }
  | ({ readonly kind: 'no-capacity' } & RefusedCall)
  /** A status callback ended the call a short while ago. */
  | { readonly kind: 'call-ended' };

interface CallAllocatorOptions {
  readonly calls: Pick<CallLedger, 'allocate'>;
  readonly chains: Pick<ChainResolver, 'chainFor' | 'learn'>;
  readonly mediaAddress: (values: WsUrlValues) => MediaAddress;
  readonly observer: AllocatorObserver;
  /** A clock that only goes forward, in milliseconds. */
  readonly monotonicMs: () => number;
}

type SettledOutcome = Exclude<AllocateOutcome, { kind: 'merchant-config-changed' }>;

/** The first on what is known here, the second on what the store said, the third where that changed meanwhile. */
const MAX_ROUND_TRIPS = 3;

/**
 * Gives calls their pods.
 *
 * Invariant: a call has one pod from its first allocation to its end, however often and wherever it is asked for.
 * Usually one round trip; one more where the merchant's config is not known here, or has changed.
 */
export class CallAllocator {
  constructor(private readonly options: CallAllocatorOptions) {}

  /** @throws StoreUnavailableError; the same request may then be repeated, the call gets no second pod */
  allocate(request: ProviderAllocationRequest): Promise<Allocation | ForeignCall>;
  /** By the API, which sees every call. */
  allocate(request: AllocationRequest & { readonly owners?: never }): Promise<Allocation>;
  async allocate(request: AllocationRequest & Partial<ProviderAllocationRequest>): Promise<Allocation | ForeignCall> {
    const { monotonicMs, observer } = this.options;
    const startedMs = monotonicMs();
    try {
      const outcome = await this.ask(request);
      observer.allocationFinished({ ...observed(outcome), durationMs: monotonicMs() - startedMs });
      if (outcome.kind === 'no-capacity') observer.callRefused(refusal(outcome.attempts));
      return this.allocation(request, outcome);
    } catch (error) {
      const durationMs = monotonicMs() - startedMs;
      observer.allocationFinished({ status: 'error', pool: null, chainDepth: null, durationMs });
      throw error;
    }
  }

  /**
   * A merchant config that changes between any two of the round trips leaves no basis to decide on. The call is then
   * refused as with a store that does not answer, which callers repeat, rather than held for ever.
   */
  private async ask({
    callSid,
    merchantId,
    provider,
    owners,
  }: AllocationRequest & Partial<ProviderAllocationRequest>): Promise<SettledOutcome> {
    const { calls, chains } = this.options;
    for (let roundTrip = 1; roundTrip <= MAX_ROUND_TRIPS; roundTrip += 1) {
      const outcome = await calls.allocate({
        callSid,
        merchantId,
        ...chains.chainFor(merchantId),
        ...(provider !== undefined && { provider }),
        ...(owners && { owners }),
      });
      if (outcome.kind !== 'merchant-config-changed') return outcome;
      chains.learn(merchantId, outcome.merchantConfig);
    }
    throw new StoreUnavailableError(new Error('the merchant config changed on every attempt'));
  }

  private allocation(request: AllocationRequest, outcome: SettledOutcome): Allocation | ForeignCall {
    if (outcome.kind === 'no-capacity') {
      const { kind, attempts } = outcome;
      return { kind, attempts, reason: refusalReason(attempts) };
    }
    if (!('grant' in outcome)) return { kind: outcome.kind };
    const { podName, pool, allocatedAt } = outcome.grant;
    const { url, parameters } = this.options.mediaAddress(wsUrlValues(request, podName));
    return {
      kind: 'allocated',
      podName,
      wsUrl: url,
      parameters,
      sourcePool: poolLabel(pool),
      wasExisting: outcome.kind === 'existing',
      allocatedAt,
    };
  }
}

function wsUrlValues(request: AllocationRequest, podName: string): WsUrlValues {
  const { callSid, merchantId, provider, flow, template } = request;
  return {
    pod_name: podName,
    call_sid: callSid,
    merchant_id: merchantId,
    ...(provider !== undefined && { provider }),
    ...(flow !== undefined && { flow }),
    ...(template !== undefined && { template }),
  };
}

/** Tiers of a chain exist; what a merchant names as its own pool may not, and would be a label without bound. */
function refusal(attempts: readonly PoolAttempt[]): ObservedRefusal {
  const [first] = attempts;
  const isKnown = first && !(isDedicatedPool(first.pool) && first.outcome === 'unknown_pool');
  return { firstPool: isKnown ? first.pool : null, reason: refusalReason(attempts) };
}

function observed(outcome: SettledOutcome): {
  status: Exclude<AllocationStatus, 'error'>;
  pool: string | null;
  chainDepth: number | null;
} {
  switch (outcome.kind) {
    case 'allocated':
      return { status: 'allocated', pool: poolLabel(outcome.grant.pool), chainDepth: outcome.attempts.length };
    case 'existing':
      return { status: 'existing', pool: poolLabel(outcome.grant.pool), chainDepth: null };
    case 'no-capacity':
      return { status: 'no_capacity', pool: null, chainDepth: outcome.attempts.length };
    case 'call-ended':
      return { status: 'call_ended', pool: null, chainDepth: null };
    case 'foreign-call':
      return { status: 'foreign_call', pool: null, chainDepth: null };
  }
}
