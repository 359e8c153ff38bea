/**
 * The name of a pool: a tier (`standard`) or a dedicated pool (`merchant:acme`).
 * Tier names hold no colon, so the two never meet.
 */
export type PoolName = string;

/** How many calls a pod of the pool takes. `exclusive` always has `maxConcurrent` 1. */
export interface PoolPolicy {
  readonly type: 'exclusive' | 'shared';
  /** Live calls per pod, at least 1. */
  readonly maxConcurrent: number;
}

const DEDICATED_PREFIX = 'merchant:';

/** The pool of one merchant's own pods. */
export function dedicatedPool(name: string): PoolName {
  return DEDICATED_PREFIX + name;
}

export function isDedicatedPool(pool: PoolName): boolean {
  return pool.startsWith(DEDICATED_PREFIX);
}

/** How the API and the logs call a pool: `pool:standard`, `merchant:acme`. */
export function poolLabel(pool: PoolName): string {
  return isDedicatedPool(pool) ? pool : `pool:${pool}`;
}
