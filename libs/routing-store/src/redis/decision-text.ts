import type { PoolAttempt } from '../domain/calls';

/** Reads what the allocate script wrote: `gold=no_pods,standard=granted`. */
export function parseDecision(text: string): PoolAttempt[] {
  if (text === '') return [];
  return text.split(',').map((step) => {
    const [pool = '', outcome = ''] = step.split('=');
    return { pool, outcome: outcome as PoolAttempt['outcome'] };
  });
}
