import type { PoolAttempt, SkipReason } from './calls';

/** Why no pool of the chain gave a pod. */
export type RefusalReason = SkipReason | 'empty_chain';

/** The nearest to a pod first. */
const BY_NEARNESS: readonly SkipReason[] = [
  'full',
  'unknown',
  'not_ready',
  'draining',
  'wrong_type',
  'no_pods',
  'unknown_pool',
];

/** The one outcome of the chain that came nearest to a pod: where any pool was full, more pods would have helped. */
export function refusalReason(attempts: readonly PoolAttempt[]): RefusalReason {
  const reasons = new Set(attempts.map(({ outcome }) => outcome));
  return BY_NEARNESS.find((reason) => reasons.has(reason)) ?? 'empty_chain';
}

/** `gold=full,standard=no_pods`: the chain with its outcomes, as it stands in a log line. */
export function chainText(attempts: readonly PoolAttempt[]): string {
  return attempts.map(({ pool, outcome }) => `${pool}=${outcome}`).join(',');
}
