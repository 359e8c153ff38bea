import type { AuditRecord, AuditValue } from '../audit/audit-record';
import type { OperationName, Result } from '../call-operation';
import { type Bug, BUGS, SimulatedStore } from './simulated-store';

/** Mistakes that an audit could make, or that only an audit can show. */
export const AUDIT_BUGS = [
  'grants a draining pod',
  'refuses a call though a pod is free',
  'omits an operation',
  'reports an operation that nobody asked for',
  'reports another result than it gives',
  'leaves a number out',
  'reports in another order',
] as const;
export type AuditBug = (typeof AUDIT_BUGS)[number];

const SCRIPTS: Readonly<Record<OperationName, string>> = {
  allocate: 'allocate',
  release: 'release',
  'end-call': 'endCall',
  heartbeat: 'heartbeat',
};
const EPOCH = '1';
const DAY_MS = '86400000';
/** Until when a command may take effect: ever. */
const NO_LIMIT = String(Number.MAX_SAFE_INTEGER);

/** A simulated store that reports what it does, with pools, pods and drains, and all on one clock. */
export class AuditedStore {
  readonly records: AuditRecord[] = [];
  private readonly store: SimulatedStore;
  private readonly draining = new Set<string>();
  /** Where pods drain, fewer are given, and a mistake of the store has fewer chances to show. */
  private readonly drains: boolean;
  private nowMs = 0;
  private readonly grantOf = new Map<string, number>();
  private grants = 0;

  /** Pods that may have the same number of calls are of one pool. */
  constructor(
    private readonly maxCalls: ReadonlyMap<string, number>,
    private readonly random: () => number,
    private readonly bug: Bug | AuditBug | null = null,
  ) {
    const storeBug = BUGS.find((one) => one === bug) ?? null;
    this.drains = storeBug === null;
    this.store = new SimulatedStore(maxCalls, random, storeBug, (pod) => this.isOffered(pod));
    this.report('claimEpoch', [], ['claimed', 1]);
    for (const max of new Set(maxCalls.values())) {
      this.report(
        'configurePool',
        [EPOCH, poolOf(max), max === 1 ? 'exclusive' : 'shared', `${max}`],
        ['configured', 0],
      );
    }
    for (const [pod, max] of maxCalls) {
      this.report('registerPod', [EPOCH, pod, 'first', '1', poolOf(max), '{}'], ['added', poolOf(max), []]);
    }
  }

  apply(op: OperationName, callSid: string, nowMs: number): Result {
    this.nowMs = nowMs;
    if (this.drains && this.random() < (this.draining.size > 0 ? 0.4 : 0.1)) this.drainOrUndrain();
    const held = this.store.live.get(callSid);
    const result = this.store.apply(op, callSid);
    if (result.kind === 'allocated' && !result.wasExisting) this.grantOf.set(callSid, ++this.grants);
    const outcome = this.errs('reports another result than it gives')
      ? ['unknown-call']
      : this.outcomeOf(op, callSid, held, result);
    if (!this.errs('omits an operation')) this.report(SCRIPTS[op], this.argumentsOf(op, callSid), outcome);
    if (this.errs('reports an operation that nobody asked for'))
      this.report('heartbeat', ['x', DAY_MS, DAY_MS], ['unknown-call']);
    return result;
  }

  /** Calls that hold a pod now. */
  get live(): ReadonlyMap<string, string> {
    return this.store.live;
  }

  private isOffered(pod: string): boolean {
    if (this.errs('refuses a call though a pod is free')) return false;
    return !this.draining.has(pod) || this.bug === 'grants a draining pod';
  }

  private drainOrUndrain(): void {
    const pods = [...this.maxCalls.keys()];
    const [drained] = this.draining;
    const pod = drained ?? pods[Math.floor(this.random() * pods.length)] ?? '';
    const load = [...this.store.live.values()].filter((one) => one === pod).length;
    if (this.draining.delete(pod)) {
      this.report('undrain', [pod], ['undrained', load]);
    } else {
      this.draining.add(pod);
      this.report('drain', [pod, DAY_MS], ['draining', load]);
    }
  }

  private argumentsOf(op: OperationName, callSid: string): string[] {
    const pools = [...new Set(this.maxCalls.values())].map(poolOf);
    if (op === 'allocate') return [callSid, '', '', '', DAY_MS, DAY_MS, NO_LIMIT, '', '', ...pools];
    if (op === 'heartbeat') return [callSid, DAY_MS, DAY_MS, NO_LIMIT];
    return op === 'end-call' ? [callSid, DAY_MS, NO_LIMIT, '', 'twilio api'] : [callSid, NO_LIMIT];
  }

  private outcomeOf(op: OperationName, callSid: string, held: string | undefined, result: Result): AuditValue[] {
    const grant = this.grantOf.get(callSid) ?? 0;
    switch (result.kind) {
      case 'allocated':
        return [result.wasExisting ? 'existing' : 'allocated', result.pod, this.poolOf(result.pod), '1', '', grant];
      case 'alive':
        return ['renewed', result.pod, '1'];
      case 'released':
        return [...this.releasedFrom(result.pod), grant];
      case 'acknowledged':
        return held === undefined ? ['unknown-call'] : [...this.releasedFrom(held), grant];
      default:
        return [op === 'allocate' ? result.kind : 'unknown-call'];
    }
  }

  private releasedFrom(pod: string): AuditValue[] {
    return ['released', pod, this.poolOf(pod), this.draining.has(pod) ? 1 : 0];
  }

  private poolOf(pod: string): string {
    return poolOf(this.maxCalls.get(pod) ?? 0);
  }

  private report(operation: string, args: readonly string[], result: readonly AuditValue[]): void {
    const last = this.records.at(-1);
    const sequence = (last?.sequence ?? 0) + (this.errs('leaves a number out') ? 2 : 1);
    const record = { sequence, timeMs: this.nowMs, operation, args, result };
    if (!last || !this.errs('reports in another order')) {
      this.records.push(record);
      return;
    }
    this.records.splice(-1, 1, { ...record, sequence: last.sequence }, { ...last, sequence });
  }

  private errs(bug: AuditBug): boolean {
    return this.bug === bug && this.random() < 0.2;
  }
}

function poolOf(max: number): string {
  return `of-${max}`;
}
