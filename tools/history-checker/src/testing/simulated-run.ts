import type { AuditRecord } from '../audit/audit-record';
import type { CallOperation, OperationName } from '../call-operation';
import { type AuditBug, AuditedStore } from './audited-store';
import type { Bug } from './simulated-store';

export interface SimulatedRun {
  readonly operations: readonly CallOperation[];
  /** Calls that hold a pod when all is over. */
  readonly live: ReadonlyMap<string, string>;
  /** What the store recorded of it, in its own order; its milliseconds are the nanoseconds of the clients. */
  readonly records: readonly AuditRecord[];
}

interface Attempt {
  readonly op: OperationName;
  readonly callSid: string;
  readonly client: number;
  readonly invokeNs: number;
  readonly effectNs: number;
  readonly returnNs: number;
  readonly isAnswered: boolean;
}

export const PODS: ReadonlyMap<string, number> = new Map([
  ['exclusive-1', 1],
  ['exclusive-2', 1],
  ['shared-1', 2],
]);

/**
 * Many calls at once on a simulated store, each operation taking effect somewhere between its start and its return.
 * Some are sent twice, some get no answer, and some of those take effect much later. Every call is released at the end.
 */
export function simulateRun(random: () => number, calls: number, bug: Bug | AuditBug | null = null): SimulatedRun {
  const attempts = Array.from({ length: calls }, (_, index) => attemptsOf(`call-${index}`, index, random)).flat();
  const store = new AuditedStore(PODS, random, bug);
  const operations = attempts
    .sort((a, b) => a.effectNs - b.effectNs)
    .map(({ op, callSid, client, invokeNs, effectNs, returnNs, isAnswered }): CallOperation => {
      const result = store.apply(op, callSid, effectNs);
      const seen = isAnswered ? { returnNs, result } : { returnNs: null, result: { kind: 'unknown' } as const };
      return { client, op, callSid, invokeNs, ...seen };
    });
  return { operations, live: store.live, records: store.records };
}

function attemptsOf(callSid: string, index: number, random: () => number): Attempt[] {
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low));
  const attempt = (op: OperationName, invokeNs: number): Attempt => {
    const isAnswered = random() < 0.9;
    const returnNs = invokeNs + between(2, 40);
    const effectNs = isAnswered ? between(invokeNs + 1, returnNs) : between(invokeNs + 1, invokeNs + 200);
    return { op, callSid, client: index, invokeNs, effectNs, returnNs, isAnswered };
  };
  const startNs = index * 30 + between(0, 30);
  const endNs = startNs + between(10, 150);
  const attempts = [attempt('allocate', startNs), attempt('heartbeat', between(startNs, endNs))];
  while (random() < 0.5) attempts.push(attempt('allocate', between(startNs, endNs + 50)));
  attempts.push(attempt(random() < 0.3 ? 'end-call' : 'release', endNs));
  const last = attempt('release', endNs + 500);
  return [...attempts, { ...last, effectNs: last.invokeNs + 1, isAnswered: true }];
}

/** Numbers from 0 to below 1 that follow from the seed (a linear congruential generator). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
