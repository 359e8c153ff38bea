import type { PoolAttempt } from '../domain/calls';
import { StaleEpochError, UnknownPoolError } from '../domain/errors';
import type { EndReason } from '../domain/past-calls';
import type { PoolName, PoolPolicy } from '../domain/pool';
import { RELEASED_MARK_MS, type StoreTimings } from '../domain/routing-store';
import { AvailablePods } from './available-pods';
import { PastCalls } from './past-calls';
import { EndMarks } from './end-marks';

export interface PodRecord {
  readonly podName: string;
  incarnation: string;
  ready: boolean;
  /** See `RegisterPodCommand.terminating`. */
  terminating: boolean;
  pool: PoolName;
  metadata: Readonly<Record<string, string>>;
  /**
   * Since when it drains and when that ends, `Infinity` for never. An operator sees it end then; the pod is offered again
   * at the next sweep or allocation.
   */
  drain: { readonly since: number; readonly until: number } | null;
  /** Oldest first. */
  readonly calls: Set<string>;
  /** The latest call and when its lease runs out. */
  lease: { callSid: string; until: number } | null;
}

export interface CallRecord {
  readonly callSid: string;
  readonly podName: string;
  readonly pool: PoolName;
  readonly merchantId: string;
  readonly provider: string | null;
  readonly allocatedAtMs: number;
  /** See `Grant.number`. */
  readonly number: number;
  /** Requests that may still be abandoned; empty where somebody knows of the grant. See `AllocateCommand.request`. */
  requests: readonly string[];
  /** When another request has met the grant last, as a number of a grant; 0 where none has. */
  metAt: number;
  expiresAt: number;
  readonly attempts: readonly PoolAttempt[];
}

export interface PoolRecord {
  policy: PoolPolicy;
  readonly assigned: Set<string>;
  readonly available: AvailablePods;
  readonly draining: Set<string>;
  activeCalls: number;
}

/**
 * Pods, pools and calls with the few steps from which every operation is made. Whether a pod is available is a
 * function of its load, drain, readiness and pool, computed in one place: {@link settle}.
 */
export class FleetState {
  readonly pods = new Map<string, PodRecord>();
  readonly pools = new Map<PoolName, PoolRecord>();
  /** In the order in which the leases run out: all leases are equally long, and a renewed one goes to the end. */
  readonly calls = new Map<string, CallRecord>();
  readonly past: PastCalls;
  readonly endMarks: EndMarks;
  /** The number of the latest grant. */
  grants = 0;
  /** By call: grants up to which number have ended, and until when that is remembered; in that order. */
  private readonly endedGrants = new Map<string, { readonly upTo: number; readonly untilMs: number }>();
  private acceptedEpoch = 0;

  constructor(
    readonly timings: StoreTimings,
    readonly now: () => number,
  ) {
    this.past = new PastCalls(now);
    this.endMarks = new EndMarks(timings.endedCallMs, now);
  }

  /** Refuses a former leader. */
  admit(epoch: number): void {
    if (epoch < this.acceptedEpoch) throw new StaleEpochError(epoch);
    this.acceptedEpoch = epoch;
  }

  poolOf(name: PoolName): PoolRecord {
    const pool = this.pools.get(name);
    if (!pool) throw new UnknownPoolError(name);
    return pool;
  }

  leaseEnd(): number {
    return this.now() + Math.min(this.timings.leaseMs, this.timings.callInfoMs);
  }

  /** A call whose lease ran out lives until the sweep ends it, as it may continue. */
  hasTimeLeft(call: CallRecord): boolean {
    return call.expiresAt > this.now();
  }

  isDraining(pod: PodRecord): boolean {
    return pod.drain !== null && pod.drain.until > this.now();
  }

  /** Offers the pod with its true load, or takes it out. Invariant: an exclusive pod is offered only when idle. */
  settle(pod: PodRecord): void {
    const pool = this.poolOf(pod.pool);
    const offered = pod.ready && !this.isDraining(pod) && (pool.policy.type === 'shared' || pod.calls.size === 0);
    if (offered) pool.available.set(pod.podName, pod.calls.size);
    else pool.available.delete(pod.podName);
  }

  endCall(call: CallRecord, reason: EndReason): void {
    this.calls.delete(call.callSid);
    this.noteEnd(call.callSid, call.number);
    this.rememberEnd(call, reason);
    const pod = this.pods.get(call.podName) as PodRecord;
    pod.calls.delete(call.callSid);
    this.poolOf(pod.pool).activeCalls--;
    this.passLeaseOn(pod, call.callSid);
    this.settle(pod);
  }

  /** A number for the next grant; see `Grant.number`. */
  nextGrantNumber(): number {
    this.grants = Math.max(Math.floor(this.now() * 1_000), this.grants + 1);
    return this.grants;
  }

  /** No grant so far has a higher number. */
  highestNumber(): number {
    return Math.max(this.grants, Math.floor(this.now() * 1_000));
  }

  /** Up to which number grants of the call have ended a short while ago; `undefined` where none has. */
  endedUpTo(callSid: string): number | undefined {
    const mark = this.endedGrants.get(callSid);
    return mark && mark.untilMs > this.now() ? mark.upTo : undefined;
  }

  /** Remembers for a while that all grants of the call up to this number have ended. */
  noteEnd(callSid: string, upTo: number): void {
    for (const [call, { untilMs }] of this.endedGrants) {
      if (untilMs > this.now()) break;
      this.endedGrants.delete(call);
    }
    this.endedGrants.delete(callSid);
    this.endedGrants.set(callSid, { upTo, untilMs: this.now() + RELEASED_MARK_MS });
  }

  hasGrantEnded(callSid: string, grantNumber: number): boolean {
    return (this.endedUpTo(callSid) ?? 0) >= grantNumber;
  }

  /** The call takes a place on the pod, where it must have one. */
  hold(pod: PodRecord, call: CallRecord): void {
    this.calls.set(call.callSid, call);
    pod.calls.add(call.callSid);
    pod.lease = { callSid: call.callSid, until: this.now() + this.timings.leaseMs };
    this.poolOf(pod.pool).activeCalls++;
    this.settle(pod);
  }

  /** Extends the call's lease to a full lease time from now. */
  renew(call: CallRecord): void {
    call.expiresAt = this.leaseEnd();
    this.calls.delete(call.callSid);
    this.calls.set(call.callSid, call);
    const pod = this.pods.get(call.podName) as PodRecord;
    // The lease is the pod's and lasts as long as any of its calls; it keeps naming the same call.
    if (pod.lease) pod.lease.until = this.now() + this.timings.leaseMs;
  }

  endCallsOf(pod: PodRecord, reason: EndReason): string[] {
    const ended = [...pod.calls];
    for (const callSid of ended) this.endCall(this.calls.get(callSid) as CallRecord, reason);
    return ended;
  }

  clearDrain(pod: PodRecord): void {
    pod.drain = null;
    this.poolOf(pod.pool).draining.delete(pod.podName);
  }

  /** Offers pods again whose drain is over, at most `limit`, those first whose drain was over first. @returns their names */
  endDueDrains(limit: number): string[] {
    const due = [...this.pools.values()]
      .flatMap(({ draining }) => [...draining])
      .map((podName) => this.pods.get(podName) as PodRecord)
      .filter((pod) => !this.isDraining(pod))
      .sort((a, b) => (a.drain?.until ?? 0) - (b.drain?.until ?? 0))
      .slice(0, limit);
    for (const pod of due) {
      this.clearDrain(pod);
      this.settle(pod);
    }
    return due.map(({ podName }) => podName);
  }

  latestCall(pod: PodRecord): CallRecord | undefined {
    const latest = [...pod.calls].at(-1);
    return latest === undefined ? undefined : this.calls.get(latest);
  }

  hasLease(pod: PodRecord): boolean {
    return pod.lease !== null && pod.lease.until > this.now();
  }

  private rememberEnd(call: CallRecord, reason: EndReason): void {
    const { callSid, podName, pool, merchantId, provider, attempts } = call;
    const [allocatedAt, endedAt] = [call.allocatedAtMs, this.now()].map((ms) => Math.floor(ms / 1000)) as [
      number,
      number,
    ];
    const ended = { callSid, podName, pool, merchantId, provider, allocatedAt, endedAt, reason, attempts };
    this.past.remember({ kind: 'ended', call: ended });
  }

  private passLeaseOn(pod: PodRecord, endedCallSid: string): void {
    const next = this.latestCall(pod);
    if (!next) pod.lease = null;
    else if (!this.hasLease(pod) || pod.lease?.callSid === endedCallSid) {
      pod.lease = { callSid: next.callSid, until: next.expiresAt };
    }
  }
}
