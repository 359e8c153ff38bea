import type { CallOperation, OperationName, Result } from '../call-operation';
import { type AuditRecord, outcomeOf } from './audit-record';

/** What clients ask for, by the name of its script. */
const ASKED_AS: Readonly<Record<string, OperationName>> = {
  allocate: 'allocate',
  release: 'release',
  endCall: 'end-call',
  heartbeat: 'heartbeat',
};

/** Whether the record reports something that a client can have asked for. */
export function isOfCall({ operation }: AuditRecord): boolean {
  return Object.hasOwn(ASKED_AS, operation);
}

/** The call that a record of a call is about. */
export function callOf({ args }: AuditRecord): string {
  return args[0] ?? '';
}

/** Steps on the way to an answer: the same request asks again, with another config or when calls are not held any more. */
const PRELIMINARY = new Set(['merchant-config-changed', 'held', 'late']);

/** Whether the record is such a step. */
export function isPreliminary(record: AuditRecord): boolean {
  return PRELIMINARY.has(outcomeOf(record));
}

/** Whether the operation can be the one that the record reports. */
export function matches({ op, result }: CallOperation, record: AuditRecord): boolean {
  if (ASKED_AS[record.operation] !== op) return false;
  return result.kind === 'unknown' || isSame(result, answerOf(op, record));
}

/** What a client is answered where the store had this outcome. */
function answerOf(op: OperationName, record: AuditRecord): Result {
  if (op === 'end-call') return { kind: 'acknowledged' };
  const kind = outcomeOf(record);
  const pod = String(record.result[1] ?? '');
  switch (kind) {
    case 'allocated':
    case 'existing':
      return { kind: 'allocated', pod, wasExisting: kind === 'existing' };
    case 'released':
      return { kind, pod };
    case 'renewed':
      return { kind: 'alive', pod };
    case 'no-capacity':
    case 'call-ended':
    case 'unknown-call':
      return { kind };
    default:
      return { kind: 'unknown' };
  }
}

function isSame(seen: Result, recorded: Result): boolean {
  return JSON.stringify(Object.entries(seen).sort()) === JSON.stringify(Object.entries(recorded).sort());
}
