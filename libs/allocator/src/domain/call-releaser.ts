import {
  type CallLedger,
  type EndCallCommand,
  type EndCallOutcome,
  type HeartbeatOutcome,
  poolLabel,
  type ReleaseOutcome,
} from '@smart-router/routing-store';
import type { AllocatorObserver, ReleaseStatus } from './observer';

type Release =
  | {
      readonly kind: 'released';
      readonly podName: string;
      /** The label of the pool where the pod belongs now: `pool:standard`, `merchant:acme`. */
      readonly releasedToPool: string;
      /** The pod drains, so that it is not offered again yet. */
      readonly wasDraining: boolean;
    }
  /** Never allocated, released before, or run out. Nothing was changed. */
  | { readonly kind: 'unknown-call' };

/** The end of a call in the name of a provider. */
export type EndCallRequest = Omit<EndCallCommand, 'limit'>;

export type CallEnd = Release | Exclude<EndCallOutcome, ReleaseOutcome>;

/** Ends calls and keeps long ones alive. All methods throw `StoreUnavailableError`; they may be repeated. */
export class CallReleaser {
  constructor(
    private readonly calls: Pick<CallLedger, 'release' | 'endCall' | 'heartbeat'>,
    private readonly observer: AllocatorObserver,
  ) {}

  /** Ends the call, whose pod is offered again. The same call may be allocated anew. */
  release(callSid: string): Promise<Release> {
    return this.observe(this.calls.release(callSid), toRelease);
  }

  /**
   * As `release`, for a call that a provider reports as over: a late duplicate of its webhook takes no pod. A call of
   * another owner than the report acts for is left alone, and not every end of an unknown call is remembered.
   */
  endCall({ callSid, owners, maxUnknown }: EndCallRequest): Promise<CallEnd> {
    const command = { callSid, owners, ...(maxUnknown !== undefined && { maxUnknown }) };
    return this.observe(this.calls.endCall(command), toCallEnd);
  }

  /** Extends the lease of a live call by a full lease time from now. `expiresAt` is Unix time in milliseconds. */
  heartbeat(callSid: string): Promise<HeartbeatOutcome> {
    return this.calls.heartbeat(callSid);
  }

  private async observe<Outcome extends EndCallOutcome, Result>(
    pending: Promise<Outcome>,
    resultOf: (outcome: Outcome) => Result,
  ): Promise<Result> {
    try {
      const outcome = await pending;
      const pool = outcome.kind === 'released' ? poolLabel(outcome.pool) : null;
      this.observer.releaseFinished({ status: STATUSES[outcome.kind], pool });
      return resultOf(outcome);
    } catch (error) {
      this.observer.releaseFinished({ status: 'error', pool: null });
      throw error;
    }
  }
}

const STATUSES = {
  released: 'released',
  'unknown-call': 'unknown_call',
  'foreign-call': 'foreign_call',
  'too-many-unknown': 'unknown_call',
} as const satisfies Record<EndCallOutcome['kind'], ReleaseStatus>;

function toRelease(outcome: ReleaseOutcome): Release {
  if (outcome.kind === 'unknown-call') return { kind: outcome.kind };
  const { kind, podName, pool, wasDraining } = outcome;
  return { kind, podName, releasedToPool: poolLabel(pool), wasDraining };
}

function toCallEnd(outcome: EndCallOutcome): CallEnd {
  return outcome.kind === 'released' || outcome.kind === 'unknown-call' ? toRelease(outcome) : outcome;
}
