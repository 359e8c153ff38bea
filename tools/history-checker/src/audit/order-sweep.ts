import type { CallOperation } from '../call-operation';
import type { Violation } from '../violation';
import type { AuditRecord } from './audit-record';
import { matches } from './match-record';

interface SweepEvent {
  readonly atNs: number;
  readonly kind: 'sent' | 'returned';
  readonly operation: CallOperation;
  readonly sequence: number;
}

/**
 * Real time across calls: an operation that had returned before another was sent comes before it in the sequence. Where
 * one answer fits several records of its call, each is given the more favourable reading.
 *
 * Operations are added in any order and swept in the order of time; what has been swept is forgotten.
 */
export class OrderSweep {
  private pending: SweepEvent[] = [];
  private newest: SweepEvent | null = null;

  /** @param records all of the operation's call */
  add(operation: CallOperation, records: readonly AuditRecord[]): void {
    const { invokeNs, returnNs } = operation;
    const sequences = records.filter((record) => matches(operation, record)).map(({ sequence }) => sequence);
    if (returnNs === null || sequences.length === 0) return;
    this.pending.push({ atNs: invokeNs, kind: 'sent', operation, sequence: Math.max(...sequences) });
    this.pending.push({ atNs: returnNs, kind: 'returned', operation, sequence: Math.min(...sequences) });
  }

  /** Sweeps everything before this moment. No operation that was sent before it may be added later. */
  advance(untilNs: number): Violation[] {
    const due = this.pending.filter(({ atNs }) => atNs < untilNs);
    this.pending = this.pending.filter(({ atNs }) => atNs >= untilNs);
    // What returned at the moment at which another was sent need not have come before it.
    due.sort((a, b) => a.atNs - b.atNs || (a.kind === b.kind ? 0 : a.kind === 'sent' ? -1 : 1));
    return due.flatMap((event) => this.apply(event) ?? []);
  }

  private apply(event: SweepEvent): Violation | null {
    const { newest } = this;
    if (event.kind === 'returned') {
      if (!newest || newest.sequence < event.sequence) this.newest = event;
      return null;
    }
    return newest && newest.sequence > event.sequence ? outOfOrder(newest, event) : null;
  }
}

function outOfOrder(before: SweepEvent, after: SweepEvent): Violation {
  const name = ({ operation: { op, callSid }, sequence }: SweepEvent): string => `${op} ${callSid} (${sequence})`;
  const message = `${name(before)} had returned when ${name(after)} was sent, but comes after it in the audit`;
  return { kind: 'out-of-order', message, operations: [before.operation, after.operation] };
}
