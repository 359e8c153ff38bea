import type { CallOperation } from '../call-operation';
import type { Violation } from '../violation';
import type { AuditRecord } from './audit-record';
import { areExplained } from './explain-records';
import { isPreliminary, matches } from './match-record';

/**
 * Compares what clients saw of one call with what the store reports of it.
 * @param operations all that were ever sent of the call
 * @param records all of the call, in their sequence
 * @returns what does not fit; `null` where all does
 */
export function checkCallRecords(
  operations: readonly CallOperation[],
  records: readonly AuditRecord[],
): Violation | null {
  const recorded = records.filter((record) => !isPreliminary(record));
  if (areExplained(recorded, operations, true)) return null;
  const inOrder = [...operations].sort((a, b) => a.invokeNs - b.invokeNs);
  if (areExplained(recorded, operations, false)) {
    const sequences = recorded.map(({ operation, sequence }) => `${operation} (${sequence})`).join(', ');
    const message = `nothing that happened in this order explains the answers to ${callSidOf(operations)}: ${sequences}`;
    return { kind: 'out-of-order', message, operations: inOrder };
  }
  return { kind: 'audit-mismatch', message: mismatch(operations, recorded), operations: inOrder };
}

function mismatch(operations: readonly CallOperation[], records: readonly AuditRecord[]): string {
  const unmatched = operations.find(
    (operation) => operation.returnNs !== null && !records.some((record) => matches(operation, record)),
  );
  if (unmatched) {
    return `the audit does not hold the answer ${JSON.stringify(unmatched.result)} to ${unmatched.op} ${unmatched.callSid}`;
  }
  const unasked = records.find((record) => !operations.some((operation) => matches(operation, record)));
  if (unasked) return `nobody has asked for ${describe(unasked)}`;
  return `the audit holds more or less of ${callSidOf(operations)} than its clients: ${records.map(describe).join(', ')}`;
}

export function describe({ sequence, operation, args, result }: AuditRecord): string {
  return `${operation} ${JSON.stringify(args)} = ${JSON.stringify(result)} (${sequence})`;
}

function callSidOf([first]: readonly CallOperation[]): string {
  return first?.callSid ?? 'a call';
}
