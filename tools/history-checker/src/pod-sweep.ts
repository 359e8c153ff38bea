import type { CertainHold } from './certain-holds';
import type { Violation } from './violation';

// At one moment ends come first and starts last, so that holds which only touch do not overlap.
const ORDER = ['end', 'open-window', 'close-window', 'start'] as const;

interface SweepEvent {
  readonly atNs: number;
  readonly kind: (typeof ORDER)[number];
  readonly hold: CertainHold;
}

/** What is known of one pod at the moment that the sweep has come to. */
interface SweptPod {
  /** How many holds each call has; one call counts once. */
  readonly holders: Map<string, number>;
  /** Holds that lasted at least a moment somewhere from here on, while so far the pod was full of others. */
  readonly windows: Set<CertainHold>;
}

/**
 * Finds moments at which more calls certainly held a pod than it may have. Holds are added in any order and swept in
 * the order of time, O(n log n); what has been swept is forgotten.
 */
export class PodSweep {
  private readonly pods = new Map<string, SweptPod>();
  private pending: SweepEvent[] = [];

  /** @param maxCalls per pod: 1 for an exclusive one */
  constructor(private readonly maxCalls: ReadonlyMap<string, number>) {}

  add(hold: CertainHold): void {
    const isWindow = hold.toNs <= hold.fromNs;
    const [begin, finish] = isWindow ? (['close-window', 'open-window'] as const) : (['start', 'end'] as const);
    this.pending.push({ atNs: hold.fromNs, kind: begin, hold });
    if (hold.toNs < Infinity) this.pending.push({ atNs: hold.toNs, kind: finish, hold });
  }

  /** Sweeps everything before this moment. No hold that begins or ends before it may be added later. */
  advance(untilNs: number): Violation[] {
    const due = this.pending.filter(({ atNs }) => atNs < untilNs);
    this.pending = this.pending.filter(({ atNs }) => atNs >= untilNs);
    due.sort((a, b) => a.atNs - b.atNs || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
    return due.flatMap((event) => this.apply(event) ?? []);
  }

  private apply({ kind, hold }: SweepEvent): Violation | null {
    const pod = this.pods.get(hold.pod) ?? { holders: new Map(), windows: new Set() };
    this.pods.set(hold.pod, pod);
    const isFullOfOthers = this.isFullOfOthers(pod, hold);
    switch (kind) {
      case 'start':
        pod.holders.set(hold.callSid, (pod.holders.get(hold.callSid) ?? 0) + 1);
        return isFullOfOthers ? this.violation(pod, hold) : null;
      case 'end':
        this.leave(pod, hold.callSid);
        return null;
      case 'open-window':
        if (isFullOfOthers) pod.windows.add(hold);
        return null;
      case 'close-window':
        return pod.windows.delete(hold) ? this.violation(pod, hold) : null;
    }
  }

  private leave(pod: SweptPod, callSid: string): void {
    const holds = pod.holders.get(callSid) ?? 0;
    if (holds > 1) pod.holders.set(callSid, holds - 1);
    else pod.holders.delete(callSid);
    for (const window of pod.windows) if (!this.isFullOfOthers(pod, window)) pod.windows.delete(window);
  }

  private isFullOfOthers({ holders }: SweptPod, { callSid, pod }: CertainHold): boolean {
    const others = holders.size - (holders.has(callSid) ? 1 : 0);
    return others >= (this.maxCalls.get(pod) ?? 0);
  }

  private violation({ holders }: SweptPod, { callSid, pod }: CertainHold): Violation {
    const calls = [...new Set([...holders.keys(), callSid])].join(', ');
    const message = `${pod} may have ${this.maxCalls.get(pod) ?? 0} calls at once, but had ${calls}`;
    return { kind: 'double-grant', message, operations: [] };
  }
}
