import type { CallOperation } from './call-operation';
import { firstUnexplained } from './explain-call';
import type { Violation, ViolationKind } from './violation';

/** @param operations all of one call. @returns what no order of events explains; `null` where all is well */
export function checkCall(operations: readonly CallOperation[]): Violation | null {
  const culprit = firstUnexplained(operations);
  if (!culprit) return null;
  const { op, callSid, client, result } = culprit;
  return {
    kind: kindOf(culprit, operations),
    message: `nothing explains the answer ${JSON.stringify(result)} that client ${client} got to ${op} ${callSid}`,
    operations: [...operations].sort((a, b) => a.invokeNs - b.invokeNs),
  };
}

function kindOf(culprit: CallOperation, operations: readonly CallOperation[]): ViolationKind {
  const { result } = culprit;
  if (result.kind === 'no-capacity' || result.kind === 'unknown-call') return 'lost-call';
  if (result.kind !== 'allocated') return 'stale-answer';
  const isElsewhere = operations.some((one) => one.result.kind === 'allocated' && one.result.pod !== result.pod);
  if (isElsewhere) return 'call-on-two-pods';
  return result.wasExisting ? 'stale-answer' : 'lost-call';
}
