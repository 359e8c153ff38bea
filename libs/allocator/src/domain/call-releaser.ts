import { type CallLedger, type HeartbeatOutcome, poolLabel, type ReleaseOutcome } from '@smart-router/routing-store';
import type { AllocatorObserver } from './observer';

export type Release =
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

/** Ends calls and keeps long ones alive. All methods throw `StoreUnavailableError`; they may be repeated. */
export class CallReleaser {
  constructor(
    private readonly calls: Pick<CallLedger, 'release' | 'endCall' | 'heartbeat'>,
    private readonly observer: AllocatorObserver,
  ) {}

  /** Ends the call, whose pod is offered again. The same call may be allocated anew. */
  release(callSid: string): Promise<Release> {
    return this.observe(this.calls.release(callSid));
  }

  /** As `release`, for a call that the provider reports as over: a late duplicate of its webhook takes no pod. */
  endCall(callSid: string): Promise<Release> {
    return this.observe(this.calls.endCall(callSid));
  }

  /** Extends the lease of a live call by a full lease time from now. `expiresAt` is Unix time in milliseconds. */
  heartbeat(callSid: string): Promise<HeartbeatOutcome> {
    return this.calls.heartbeat(callSid);
  }

  private async observe(pending: Promise<ReleaseOutcome>): Promise<Release> {
    try {
      const release = toRelease(await pending);
      if (release.kind === 'released') {
        this.observer.releaseFinished({ status: 'released', pool: release.releasedToPool });
      } else {
        this.observer.releaseFinished({ status: 'unknown_call', pool: null });
      }
      return release;
    } catch (error) {
      this.observer.releaseFinished({ status: 'error', pool: null });
      throw error;
    }
  }
}

function toRelease(outcome: ReleaseOutcome): Release {
  if (outcome.kind === 'unknown-call') return { kind: outcome.kind };
  const { kind, podName, pool, wasDraining } = outcome;
  return { kind, podName, releasedToPool: poolLabel(pool), wasDraining };
}
