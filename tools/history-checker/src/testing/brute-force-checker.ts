import { ABSENT, type CallState, step } from '../call-model';
import { type CallOperation, latestEffectNs } from '../call-operation';

type States = ReadonlyMap<string, CallState>;

/**
 * The whole truth, for small histories: tries every order of all operations of all calls on one store, in which a new
 * grant needs a pod with room. Exponential, and so simple that it can be believed.
 */
export function isPossible(operations: readonly CallOperation[], maxCalls: ReadonlyMap<string, number>): boolean {
  return search(operations, new Map(), maxCalls);
}

function search(remaining: readonly CallOperation[], states: States, maxCalls: ReadonlyMap<string, number>): boolean {
  if (remaining.every(({ returnNs }) => returnNs === null)) return true;
  const firstReturnNs = Math.min(...remaining.map(latestEffectNs));
  return remaining.some((operation) => {
    if (operation.invokeNs > firstReturnNs) return false;
    const rest = remaining.filter((one) => one !== operation);
    return outcomes(operation, states, maxCalls).some((next) => search(rest, next, maxCalls));
  });
}

function outcomes(operation: CallOperation, states: States, maxCalls: ReadonlyMap<string, number>): States[] {
  const { callSid } = operation;
  const before = states.get(callSid) ?? ABSENT;
  const after = step(before, operation);
  if (!after) return [];
  const isGrant = before.kind === 'absent' && after.kind === 'live';
  if (!isGrant) return [new Map(states).set(callSid, after)];
  const pods = after.pod === null ? [...maxCalls.keys()] : [after.pod];
  return pods
    .filter((pod) => callsOn(pod, states) < (maxCalls.get(pod) ?? 0))
    .map((pod) => new Map(states).set(callSid, { kind: 'live', pod }));
}

function callsOn(pod: string, states: States): number {
  return [...states.values()].filter((state) => state.kind === 'live' && state.pod === pod).length;
}
