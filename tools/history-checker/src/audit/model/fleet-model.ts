export interface PoolPolicy {
  readonly type: string;
  /** Live calls on one pod. */
  readonly max: number;
}

export interface ModelPod {
  readonly name: string;
  pool: string;
  incarnation: string;
  isReady: boolean;
  /** `null`: it does not drain. */
  drainEndMs: number | null;
  readonly calls: Set<string>;
  /** Its pool has changed its type since it was touched: it need not be offered until it is touched again. */
  isOutgoing: boolean;
}

export interface ModelCall {
  readonly callSid: string;
  readonly pod: string;
  /** The pool that the pod was taken from. */
  readonly sourcePool: string;
  /** Number of the grant. */
  readonly grant: number;
  /** The request that got it, until another one has met it; '' for none. */
  request?: string;
  /** At the earliest. */
  leaseEndMs: number;
}

/**
 * Lifetimes end by the clock of Redis, which drops keys and compares times at slightly different moments. So near to an
 * end both answers are right.
 */
const CLOCK_SLACK_MS = 100;

/**
 * All that the product promises about pods, pools, calls and who leads, as plain as it can be: what each operation may
 * answer follows from it, but for the choice among several pods that are equally good, which is the product's.
 */
export class FleetModel {
  readonly pools = new Map<string, PoolPolicy>();
  readonly pods = new Map<string, ModelPod>();
  /** Those whose lease has run out stay until the store says that they have ended. */
  readonly calls = new Map<string, ModelCall>();
  readonly epochs = { drawn: 0, accepted: 0 };
  /** Number of the newest grant: none is given twice. */
  newestGrant = 0;
  /** Calls that must not be granted again, in the order in which they ended. */
  private readonly endedUntilMs = new Map<string, number>();
  private now = 0;

  get nowMs(): number {
    return this.now;
  }

  /** Time goes on; what it makes certain is forgotten. */
  advanceTo(timeMs: number): void {
    this.now = timeMs;
    for (const [callSid, untilMs] of this.endedUntilMs) {
      if (untilMs + CLOCK_SLACK_MS >= timeMs) return;
      this.endedUntilMs.delete(callSid);
    }
  }

  /** Whether what ends then can still stand. */
  mayStand(endMs: number): boolean {
    return endMs > this.now - CLOCK_SLACK_MS;
  }

  /** Whether what ends then certainly still stands. */
  mustStand(endMs: number): boolean {
    return endMs > this.now + CLOCK_SLACK_MS;
  }

  /** A call whose lease has run out lives until the sweep ends it. */
  liveCall(callSid: string): ModelCall | null {
    return this.calls.get(callSid) ?? null;
  }

  /** The request that got the live grant of the call, where no other one has met it; `null` otherwise. */
  requestOf(callSid: string): string | null {
    return this.calls.get(callSid)?.request || null;
  }

  /** Whether the sweep must leave the call alone. */
  hasTimeLeft(call: ModelCall): boolean {
    return this.mustStand(call.leaseEndMs);
  }

  mayHaveEnded(callSid: string): boolean {
    return this.mayStand(this.endedUntilMs.get(callSid) ?? -Infinity);
  }

  mustHaveEnded(callSid: string): boolean {
    return this.mustStand(this.endedUntilMs.get(callSid) ?? -Infinity);
  }

  mayDrain(pod: ModelPod): boolean {
    return pod.drainEndMs !== null && this.mayStand(pod.drainEndMs);
  }

  mustDrain(pod: ModelPod): boolean {
    return pod.drainEndMs !== null && this.mustStand(pod.drainEndMs);
  }

  podsOf(pool: string): ModelPod[] {
    return [...this.pods.values()].filter((pod) => pod.pool === pool);
  }

  maxOf(pool: string): number {
    return this.pools.get(pool)?.max ?? 0;
  }

  /** Whether the next call that asks for this pool must be given a pod. */
  mustHaveRoom(pod: ModelPod): boolean {
    return pod.isReady && !pod.isOutgoing && !this.mayDrain(pod) && pod.calls.size < this.maxOf(pod.pool);
  }

  hold(call: ModelCall): void {
    this.end(call.callSid);
    this.calls.set(call.callSid, call);
    this.newestGrant = Math.max(this.newestGrant, call.grant);
    this.pods.get(call.pod)?.calls.add(call.callSid);
    this.touch(call.pod);
  }

  end(callSid: string): void {
    const call = this.calls.get(callSid);
    if (!call) return;
    this.calls.delete(callSid);
    this.pods.get(call.pod)?.calls.delete(callSid);
    this.touch(call.pod);
  }

  rememberEnded(callSid: string, forMs: number): void {
    this.endedUntilMs.delete(callSid);
    this.endedUntilMs.set(callSid, this.now + forMs);
  }

  touch(podName: string): void {
    const pod = this.pods.get(podName);
    if (pod) pod.isOutgoing = false;
  }
}
