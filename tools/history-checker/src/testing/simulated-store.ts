import type { OperationName, Result } from '../call-operation';

/** Mistakes that a store could make; each must be found in the histories that it leaves behind. */
export const BUGS = [
  'grants a busy pod',
  'grants one more than a shared pod may have',
  'grants a second pod to a live call',
  'forgets a live call',
  'releases nothing',
  'releases another call',
  'answers from the past',
  'forgets that a call was ended',
] as const;
export type Bug = (typeof BUGS)[number];

/** Applies operations one after the other, rightly or with one mistake now and then. */
export class SimulatedStore {
  private readonly podOf = new Map<string, string>();
  private readonly lastPodOf = new Map<string, string>();
  private readonly ended = new Set<string>();

  constructor(
    private readonly maxCalls: ReadonlyMap<string, number>,
    private readonly random: () => number,
    private readonly bug: Bug | null = null,
    private readonly isOffered: (pod: string) => boolean = () => true,
  ) {}

  apply(op: OperationName, callSid: string): Result {
    if (op === 'allocate') return this.allocate(callSid);
    if (op === 'heartbeat') return this.heartbeat(callSid);
    const result = this.release(callSid);
    if (op === 'release') return result;
    if (!this.errs('forgets that a call was ended')) this.ended.add(callSid);
    return { kind: 'acknowledged' };
  }

  /** Calls that hold a pod now. */
  get live(): ReadonlyMap<string, string> {
    return this.podOf;
  }

  private allocate(callSid: string): Result {
    if (this.ended.has(callSid)) return { kind: 'call-ended' };
    const former = this.lastPodOf.get(callSid);
    if (former && this.errs('answers from the past')) return { kind: 'allocated', pod: former, wasExisting: true };
    const held = this.errs('forgets a live call') ? undefined : this.podOf.get(callSid);
    if (held && !this.errs('grants a second pod to a live call')) {
      return { kind: 'allocated', pod: held, wasExisting: true };
    }
    const pod = this.pick();
    if (pod === undefined) return { kind: 'no-capacity' };
    this.podOf.set(callSid, pod);
    return { kind: 'allocated', pod, wasExisting: false };
  }

  private heartbeat(callSid: string): Result {
    const pod = this.podOf.get(callSid);
    return pod === undefined ? { kind: 'unknown-call' } : { kind: 'alive', pod };
  }

  private release(callSid: string): Result {
    const pod = this.podOf.get(callSid);
    if (pod === undefined) return { kind: 'unknown-call' };
    this.lastPodOf.set(callSid, pod);
    if (this.errs('releases nothing')) return { kind: 'released', pod };
    const victim = this.errs('releases another call') ? [...this.podOf.keys()].find((one) => one !== callSid) : callSid;
    this.podOf.delete(victim ?? callSid);
    return { kind: 'released', pod };
  }

  /** Any of the pods with room that may have the fewest calls: those come first in the chain. */
  private pick(): string | undefined {
    const free = [...this.maxCalls].filter(
      ([pod, max]) => this.loadOf(pod) < max + this.overload(max) && this.isOffered(pod),
    );
    const firstMax = Math.min(...free.map(([, max]) => max));
    const pods = free.filter(([, max]) => max === firstMax);
    return pods[Math.floor(this.random() * pods.length)]?.[0];
  }

  private overload(max: number): number {
    const bug: Bug = max === 1 ? 'grants a busy pod' : 'grants one more than a shared pod may have';
    return this.errs(bug) ? 1 : 0;
  }

  private loadOf(pod: string): number {
    return [...this.podOf.values()].filter((one) => one === pod).length;
  }

  private errs(bug: Bug): boolean {
    return this.bug === bug && this.random() < 0.2;
  }
}
