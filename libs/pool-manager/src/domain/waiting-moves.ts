import { isDedicatedPool, type PoolStats } from '@smart-router/routing-store';
import type { DesiredPools, PodCounts } from './desired-pools';

/**
 * Whether a pool has, or will have, fewer pods than it should while another one has an idle pod to give. It looks at the
 * counts of the pools alone, and may be wrong where pods of a shared pool are not ready.
 * @param changes of the counts that are about to be carried out
 */
export function canEvenOut(
  pools: readonly PoolStats[],
  desired: DesiredPools,
  changes: PodCounts = new Map(),
): boolean {
  const known = pools.flatMap((stats) => {
    const target = desired.byPriority.get(stats.pool)?.target;
    if (target === undefined) return [];
    return [{ hasIdle: hasIdlePod(stats), surplus: stats.assigned + (changes.get(stats.pool) ?? 0) - target }];
  });
  const canGive = known.some(({ hasIdle, surplus }) => surplus > 0 && hasIdle);
  return (canGive && known.some(({ surplus }) => surplus < 0)) || canLend(pools, desired, changes);
}

/** Whether the starting tier has no pod while another tier has an idle one. */
function canLend(pools: readonly PoolStats[], { byPriority, starting }: DesiredPools, changes: PodCounts): boolean {
  const has = (pools.find(({ pool }) => pool === starting)?.assigned ?? 0) + (changes.get(starting) ?? 0);
  const isWanted = (byPriority.get(starting)?.target ?? 0) > 0;
  return isWanted && has <= 0 && pools.some((stats) => hasIdlePod(stats) && !isDedicatedPool(stats.pool));
}

/** Where a shared pool has fewer calls than pods, one of them has none. */
function hasIdlePod({ activeCalls, assigned, available, policy }: PoolStats): boolean {
  return available > 0 && (policy.type === 'exclusive' || activeCalls < assigned);
}

/**
 * Notices that a pod which was to move, and was busy, has become idle.
 *
 * Guarantees: asked again and again, it reports that once for each state of the pools, so that a pod that cannot move after all
 * does not cause one resync after another.
 */
export class WaitingMoves {
  private answered = '';

  /** @returns whether a resync is wanted, as a pod can move now */
  see(pools: readonly PoolStats[], desired: DesiredPools): boolean {
    if (!canEvenOut(pools, desired)) return false;
    const state = JSON.stringify(pools);
    const isNew = state !== this.answered;
    this.answered = state;
    return isNew;
  }
}
