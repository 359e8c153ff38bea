import { type AuditRecord, outcomeOf } from '../audit/audit-record';
import { callOf, isOfCall, matches } from '../audit/match-record';
import { type CallOperation, latestEffectNs } from '../call-operation';

/**
 * The whole truth, for small histories: tries every assignment of records to operations in which each record has one of
 * its own (of an end without answer there may be more) and each answer has one, and in which what returned before something was sent comes before it.
 */
export function isRecorded(operations: readonly CallOperation[], records: readonly AuditRecord[]): boolean {
  const ofCalls = records.filter(isOfCall).filter((record) => outcomeOf(record) !== 'merchant-config-changed');
  return assign(ofCalls, operations, []);
}

/** The product ends a call again and again for itself, where it could not acknowledge its end. */
const isRepeated = ({ op, returnNs }: CallOperation): boolean => op === 'end-call' && returnNs === null;

type Assigned = readonly (readonly [CallOperation, AuditRecord])[];

function assign(records: readonly AuditRecord[], free: readonly CallOperation[], assigned: Assigned): boolean {
  const [record, ...rest] = records;
  if (!record) return free.every(({ returnNs }) => returnNs === null) && isInRealTime(assigned);
  return free
    .filter((operation) => operation.callSid === callOf(record) && matches(operation, record))
    .some((operation) =>
      assign(
        rest,
        free.filter((one) => one !== operation || isRepeated(one)),
        [...assigned, [operation, record]],
      ),
    );
}

function isInRealTime(assigned: Assigned): boolean {
  return assigned.every(([before, { sequence }]) =>
    assigned.every(([after, later]) => latestEffectNs(before) >= after.invokeNs || sequence < later.sequence),
  );
}
