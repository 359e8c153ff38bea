import type { PoolName } from '@smart-router/routing-store';
import { type DesiredPools, poolsInNeed } from './desired-pools';

/** How many pods each pool has; a pool that is not there has none. */
export type PodCounts = ReadonlyMap<PoolName, number>;

/**
 * Decides in which pool a pod belongs that is in none of `desired`.
 *
 * A pod that was here before returns to its pool, where that still exists. Another one goes to the first pool in need of
 * one, and where none is, to the overflow pool.
 *
 * @param formerPool where the pod was before it left; `undefined` where that is not known
 */
export function assignPool(desired: DesiredPools, counts: PodCounts, formerPool?: PoolName): PoolName {
  if (formerPool !== undefined && desired.byPriority.has(formerPool)) return formerPool;
  return poolsInNeed(desired, counts)[0] ?? desired.overflowPool;
}
