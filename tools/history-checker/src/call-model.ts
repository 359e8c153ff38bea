import type { CallOperation, Result } from './call-operation';

/** All that the product promises about one call; which pod it gets first is the product's choice. */
export type CallState =
  | { readonly kind: 'absent' }
  /** `pod: null`: granted by an operation whose answer nobody saw. */
  | { readonly kind: 'live'; readonly pod: string | null }
  | { readonly kind: 'ended' };

export const ABSENT: CallState = { kind: 'absent' };
const ENDED: CallState = { kind: 'ended' };
const LIVE_SOMEWHERE: CallState = { kind: 'live', pod: null };

type Step<Kind extends Result['kind']> = (
  state: CallState,
  result: Extract<Result, { kind: Kind }>,
  operation: CallOperation,
) => CallState | null;

/** For each answer the state after it; `null` where it cannot be given in this state. */
const STEPS: { readonly [Kind in Result['kind']]: Step<Kind> } = {
  allocated: (state, { pod, wasExisting }) => {
    if (wasExisting) return liveOn(state, pod);
    return state.kind === 'absent' ? { kind: 'live', pod } : null;
  },
  'no-capacity': (state) => (state.kind === 'absent' ? state : null),
  'call-ended': (state) => (state.kind === 'ended' ? state : null),
  released: (state, { pod }) => (liveOn(state, pod) ? ABSENT : null),
  'unknown-call': (state) => (state.kind === 'live' ? null : state),
  alive: (state, { pod }) => liveOn(state, pod),
  acknowledged: () => ENDED,
  unknown: (state, _, operation) => effectOf(state, operation),
};

/**
 * @returns the state after the operation has taken effect with this answer, or `null` where it cannot have
 */
export function step(state: CallState, operation: CallOperation): CallState | null {
  const apply = STEPS[operation.result.kind] as Step<Result['kind']>;
  return apply(state, operation.result, operation);
}

function liveOn(state: CallState, pod: string): CallState | null {
  if (state.kind !== 'live' || (state.pod !== null && state.pod !== pod)) return null;
  return { kind: 'live', pod };
}

/** `null` also where it changes nothing: then it does not matter whether it happened. */
function effectOf(state: CallState, { op }: CallOperation): CallState | null {
  if (op === 'allocate') return state.kind === 'absent' ? LIVE_SOMEWHERE : null;
  if (op === 'release') return state.kind === 'live' ? ABSENT : null;
  if (op === 'end-call') return state.kind === 'ended' ? null : ENDED;
  return null;
}
