import type { CallOperation } from '../call-operation';
import type { Violation } from '../violation';
import type { AuditRecord } from './audit-record';
import { describe, checkCallRecords } from './check-call-records';
import { callOf, isOfCall } from './match-record';
import { Replay } from './model/replay';
import { OrderSweep } from './order-sweep';

interface ClosedCall {
  readonly operations: readonly CallOperation[];
  /** From then on nothing can happen to it any more. */
  readonly quietNs: number;
}

export interface AuditVerdict {
  readonly records: number;
  /** Calls whose records were compared with what their clients saw. */
  readonly calls: number;
}

/**
 * Checks a run by the store's own order of what happened, while it continues and in bounded memory:
 *
 * - real time: what had returned before something else was sent comes before it (`out-of-order`);
 * - rules: replayed in its order through a model, each operation may have had its outcome (`not-allowed`);
 * - completeness: the audit has no gap, holds every answer that a client saw, and nothing that no client asked
 *   for (`audit-gap`, `audit-mismatch`).
 */
export class AuditChecker {
  private readonly replay = new Replay();
  private readonly sweep = new OrderSweep();
  private readonly recordsOf = new Map<string, AuditRecord[]>();
  private closed: ClosedCall[] = [];
  private sequence = 0;
  private readonly totals = { records: 0, calls: 0 };

  /**
   * @param report takes what is found
   * @param lingerNs how long after the end of its call an operation without answer may still take effect
   */
  constructor(
    private readonly report: (violation: Violation) => void,
    private readonly lingerNs: number,
  ) {}

  /** @param record the next one of the audit, from its first on */
  addRecord(record: AuditRecord): void {
    this.totals.records++;
    if (record.sequence !== this.sequence + 1) {
      const message = `after ${this.sequence} the audit continues with ${record.sequence}`;
      this.report({ kind: 'audit-gap', message, operations: [] });
    }
    this.sequence = record.sequence;
    const complaint = this.replay.apply(record);
    if (complaint !== null) {
      this.report({ kind: 'not-allowed', message: `${describe(record)}: ${complaint}`, operations: [] });
    }
    if (!isOfCall(record)) return;
    const ofCall = this.recordsOf.get(callOf(record));
    if (ofCall) ofCall.push(record);
    else this.recordsOf.set(callOf(record), [record]);
  }

  /** @param operations all that were ever sent of one call @param closedNs when it was over for its client */
  addCall(operations: readonly CallOperation[], closedNs: number): void {
    const mayLinger = operations.some(({ returnNs }) => returnNs === null);
    this.closed.push({ operations, quietNs: closedNs + (mayLinger ? this.lingerNs : 0) });
  }

  /**
   * To be called when all records have been added that the store had written at `atNs`.
   * @param oldestNs no operation that was sent before will be added later
   */
  advance(atNs: number, oldestNs: number): void {
    const due = this.closed.filter(({ quietNs }) => quietNs <= atNs);
    this.closed = this.closed.filter(({ quietNs }) => quietNs > atNs);
    for (const { operations } of due) this.checkCall(operations);
    const waiting = this.closed.flatMap(({ operations }) => operations.map(({ invokeNs }) => invokeNs));
    const untilNs = waiting.reduce((first, invokeNs) => Math.min(first, invokeNs), oldestNs);
    for (const violation of this.sweep.advance(untilNs)) this.report(violation);
  }

  /** To be called when all calls have ended and all records have been added. */
  finish(): AuditVerdict {
    this.advance(Infinity, Infinity);
    for (const [unasked] of this.recordsOf.values()) {
      if (!unasked) continue;
      this.report({ kind: 'audit-mismatch', message: `nobody has asked for ${describe(unasked)}`, operations: [] });
    }
    const { calls } = this.replay.model;
    for (const { callSid, pod } of calls.values()) {
      this.report({ kind: 'leak', message: `by the audit, ${callSid} still holds ${pod}`, operations: [] });
    }
    return { ...this.totals };
  }

  private checkCall(operations: readonly CallOperation[]): void {
    const callSid = operations[0]?.callSid ?? '';
    const records = this.recordsOf.get(callSid) ?? [];
    this.recordsOf.delete(callSid);
    this.totals.calls++;
    const violation = checkCallRecords(operations, records);
    if (violation) {
      // Which record belongs to which answer is not known then.
      this.report(violation);
      return;
    }
    for (const operation of operations) this.sweep.add(operation, records);
  }
}
