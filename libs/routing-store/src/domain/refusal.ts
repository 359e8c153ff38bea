import { type PoolAttempt, SKIP_REASONS } from './calls';

/** Why no pool of the chain gave a pod. */
export const REFUSAL_REASONS = [...SKIP_REASONS, 'empty_chain'] as const;

export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** The one outcome of the chain that came nearest to a pod: where any pool was full, more pods would have helped. */
export function refusalReason(attempts: readonly PoolAttempt[]): RefusalReason {
  const outcomes = new Set(attempts.map(({ outcome }) => outcome));
  return SKIP_REASONS.find((reason) => outcomes.has(reason)) ?? 'empty_chain';
}

/** `gold=full,standard=no_pods`: the chain with its outcomes, as it stands in a log line. */
export function chainText(attempts: readonly { readonly pool: string; readonly outcome: string }[]): string {
  return attempts.map(({ pool, outcome }) => `${pool}=${outcome}`).join(',');
}
