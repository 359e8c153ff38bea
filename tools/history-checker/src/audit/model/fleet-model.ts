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
  /** Its drain cannot be taken back. */
  isTerminating: boolean;
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
  /** Requests that have met it and may be taken back; empty where somebody knows of it for certain. */
  requests?: readonly string[];
  /** When another request has met it last. */
  metMs?: number;
  /** At the earliest. */
  leaseEndMs: number;
  /** Whom it belongs to. */
  readonly owner: string;
}

/** The owner of a call that was brought in the name of this provider; the API where none was named. */
export function ownerOf(provider: string): string {
  return provider === '' ? 'api' : provider.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The owners that a request acts for, as scripts get them. */
export function ownersIn(text: string): string[] {
  return text.split(' ').filter((owner) => owner !== '');
}

/**
 * Lifetimes end by the clock of Redis, which drops keys and compares times at slightly different moments. So near to an
 * end both answers are right.
 */
const CLOCK_SLACK_MS = 100;
/** With more than that somebody knows of a grant for certain. */
const MAX_REQUESTS_LENGTH = 200;

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
  /** Calls that must not be granted again to an owner, in the order in which they ended. */
  private readonly endedUntilMs = new Map<string, number>();
  private now = 0;

  get nowMs(): number {
    return this.now;
  }

  /** Time passes; what it makes certain is forgotten. */
  advanceTo(timeMs: number): void {
    this.now = timeMs;
    for (const [key, untilMs] of this.endedUntilMs) {
      if (untilMs + CLOCK_SLACK_MS >= timeMs) return;
      this.endedUntilMs.delete(key);
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

  /** Another request has met the grant; '' for one that cannot be taken back. */
  meet(call: ModelCall, request: string): void {
    const requests = call.requests ?? [];
    const isKnown = requests.length === 0 || request === '' || requests.join(' ').length > MAX_REQUESTS_LENGTH;
    call.requests = isKnown ? [] : [...requests, request];
    call.metMs = this.now;
  }

  /** Whether the sweep must leave the call alone. */
  hasTimeLeft(call: ModelCall): boolean {
    return this.mustStand(call.leaseEndMs);
  }

  /** Whether requests for the call of this owner may be refused, as its end was reported. */
  mayHaveEnded(callSid: string, owner: string): boolean {
    return this.mayStand(this.endedUntilMs.get(markOf(callSid, owner)) ?? -Infinity);
  }

  mustHaveEnded(callSid: string, owner: string): boolean {
    return this.mustStand(this.endedUntilMs.get(markOf(callSid, owner)) ?? -Infinity);
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

  rememberEnded(callSid: string, owners: readonly string[], forMs: number): void {
    for (const owner of owners) {
      const key = markOf(callSid, owner);
      this.endedUntilMs.delete(key);
      this.endedUntilMs.set(key, this.now + forMs);
    }
  }

  touch(podName: string): void {
    const pod = this.pods.get(podName);
    if (pod) pod.isOutgoing = false;
  }
}

/** Neither of them holds a space. */
function markOf(callSid: string, owner: string): string {
  return `${callSid} ${owner}`;
}
