import { ABSENT, type CallState, step } from './call-model';
import { type CallOperation, latestEffectNs } from './call-operation';

interface SearchNode {
  readonly remaining: readonly CallOperation[];
  readonly state: CallState;
}

/**
 * Whether there is an order of the operations of one call in which the model gives every answer that was seen, and in
 * which none that had returned comes after one that began later (linearizability, after Wing and Gong). Operations of
 * unknown result may take effect at any time from their start on, or never.
 */
export function isExplainable(operations: readonly CallOperation[]): boolean {
  const numbers = new Map(operations.map((operation, index) => [operation, index]));
  const open: SearchNode[] = [{ remaining: operations, state: ABSENT }];
  const seen = new Set<string>();
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.remaining.every(({ returnNs }) => returnNs === null)) return true;
    const key = `${node.remaining.map((one) => numbers.get(one)).join()} ${node.state.kind} ${podOf(node.state)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    open.push(...successors(node));
  }
  return false;
}

function successors({ remaining, state }: SearchNode): SearchNode[] {
  const firstReturnNs = Math.min(...remaining.map(latestEffectNs));
  return remaining
    .filter(({ invokeNs }) => invokeNs <= firstReturnNs)
    .flatMap((operation) => {
      const next = step(state, operation);
      return next ? [{ remaining: remaining.filter((one) => one !== operation), state: next }] : [];
    });
}

function podOf(state: CallState): string {
  return state.kind === 'live' ? (state.pod ?? '?') : '';
}

/** The first answer that nothing explains, in the order of the returns; `null` where all are explained. */
export function firstUnexplained(operations: readonly CallOperation[]): CallOperation | null {
  if (isExplainable(operations)) return null;
  const answered = operations.filter(({ returnNs }) => returnNs !== null);
  const inOrder = answered.sort((a, b) => latestEffectNs(a) - latestEffectNs(b));
  return inOrder.find((last) => !isExplainable(seenUntil(operations, latestEffectNs(last)))) ?? null;
}

/** The history as it was at that moment: what had not returned was still unknown. */
function seenUntil(operations: readonly CallOperation[], atNs: number): CallOperation[] {
  return operations
    .filter(({ invokeNs }) => invokeNs <= atNs)
    .map((operation) =>
      latestEffectNs(operation) <= atNs ? operation : { ...operation, returnNs: null, result: { kind: 'unknown' } },
    );
}
