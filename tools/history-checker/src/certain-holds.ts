import { type CallOperation, latestEffectNs } from './call-operation';

/**
 * A hold of a pod that follows from what the clients saw, whatever the store says.
 *
 * Where `fromNs` is before `toNs`, the call held the pod at least between them. Where it is after (a release was sent
 * before the allocation had returned), the call held the pod at some moment between `toNs` and `fromNs`.
 */
export interface CertainHold {
  readonly callSid: string;
  readonly pod: string;
  /** The allocation had returned. */
  readonly fromNs: number;
  /** The first release that can have ended this hold was sent. */
  readonly toNs: number;
}

/** @param operations all of one call */
export function certainHolds(operations: readonly CallOperation[]): CertainHold[] {
  const ends = operations.filter(canEndCall);
  const holds = new Map<string, CertainHold>();
  for (const operation of operations) {
    const pod = heldPod(operation);
    if (pod === null) continue;
    const hold = holdOf(operation, pod, ends);
    const key = `${pod} ${hold.toNs}`;
    const known = holds.get(key);
    if (!known || known.fromNs > hold.fromNs) holds.set(key, hold);
  }
  return [...holds.values()];
}

function canEndCall({ op, result }: CallOperation): boolean {
  return (op === 'release' || op === 'end-call') && result.kind !== 'unknown-call';
}

function heldPod({ result }: CallOperation): string | null {
  return result.kind === 'allocated' || result.kind === 'alive' ? result.pod : null;
}

function holdOf(operation: CallOperation, pod: string, ends: readonly CallOperation[]): CertainHold {
  const { callSid, invokeNs } = operation;
  const later = ends.filter((end) => latestEffectNs(end) >= invokeNs).map((end) => end.invokeNs);
  return { callSid, pod, fromNs: latestEffectNs(operation), toNs: Math.max(invokeNs, Math.min(...later, Infinity)) };
}
