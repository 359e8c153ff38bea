import { type CallOperation, latestEffectNs } from '../call-operation';
import type { AuditRecord } from './audit-record';
import { matches } from './match-record';

interface SearchNode {
  /** How many of the records have been given to operations. */
  readonly recorded: number;
  readonly remaining: readonly CallOperation[];
}

/**
 * Whether each record can be the doing of one operation of its own, and each answer the outcome of one record, in the
 * order of the records. Operations of unknown result may have left a record or none, and an end of a call several.
 * @param inRealTime also requires that no operation comes after one that was sent when it had returned
 */
export function areExplained(
  records: readonly AuditRecord[],
  operations: readonly CallOperation[],
  inRealTime: boolean,
): boolean {
  const numbers = new Map(operations.map((operation, index) => [operation, index]));
  const open: SearchNode[] = [{ recorded: 0, remaining: operations }];
  const seen = new Set<string>();
  for (let node = open.pop(); node; node = open.pop()) {
    const { recorded, remaining } = node;
    const record = records[recorded];
    if (!record && remaining.every(({ returnNs }) => returnNs === null)) return true;
    const key = `${recorded} ${remaining.map((operation) => numbers.get(operation)).join()}`;
    if (!record || seen.has(key)) continue;
    seen.add(key);
    for (const operation of candidates(remaining, inRealTime)) {
      if (!matches(operation, record)) continue;
      open.push({
        recorded: recorded + 1,
        remaining: mayRepeat(operation) ? remaining : without(remaining, operation),
      });
    }
  }
  return false;
}

/** A status callback that was not acknowledged is repeated by the product for itself, until it has taken effect. */
function mayRepeat({ op, result }: CallOperation): boolean {
  return op === 'end-call' && result.kind === 'unknown';
}

function without(operations: readonly CallOperation[], operation: CallOperation): readonly CallOperation[] {
  return operations.filter((one) => one !== operation);
}

/** Operations that can be next: before them, none has returned that is still to come. */
function candidates(remaining: readonly CallOperation[], inRealTime: boolean): readonly CallOperation[] {
  if (!inRealTime) return remaining;
  const firstReturnNs = Math.min(...remaining.map(latestEffectNs));
  return remaining.filter(({ invokeNs }) => invokeNs <= firstReturnNs);
}
