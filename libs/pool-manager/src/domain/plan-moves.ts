import type { PodStatus, PoolName } from '@smart-router/routing-store';
import type { DesiredPools } from './desired-pools';
import type { PodCounts } from './tier-assigner';

export interface Move {
  readonly podName: string;
  readonly from: PoolName;
  readonly to: PoolName;
}

/** A pod as far as moving it is concerned. */
export interface MovablePod {
  readonly podName: string;
  readonly pool: PoolName;
  readonly status: PodStatus;
}

/**
 * Decides which idle pods move from pools over their target to pools under theirs.
 *
 * Pools are filled by priority, and the least important pool gives first. No pool falls below its target by giving or
 * rises above it by taking; a surplus that nobody needs stays where it is. Pods that hold a call or drain wait for a
 * later plan, so that repeating plan and moves leads to the targets as pods become idle.
 */
export function planMoves(desired: DesiredPools, counts: PodCounts, pods: Iterable<MovablePod>): readonly Move[] {
  const lacksPods = [...desired.byPriority].some(([pool, { target }]) => (counts.get(pool) ?? 0) < target);
  // As in nearly every pass of a large fleet.
  if (!lacksPods) return [];
  const donors = donorsOf(desired, counts, pods);
  const moves: Move[] = [];
  for (const [to, { target }] of desired.byPriority) {
    for (let missing = target - (counts.get(to) ?? 0); missing > 0; missing--) {
      const donor = donors.pop();
      if (!donor) return moves;
      moves.push({ podName: donor.podName, from: donor.pool, to });
    }
  }
  return moves;
}

/** The pods to give, the first one to give last. */
function donorsOf(desired: DesiredPools, counts: PodCounts, pods: Iterable<MovablePod>): MovablePod[] {
  const idle = idlePodsByPool(pods);
  const donors: MovablePod[] = [];
  for (const [pool, { target }] of desired.byPriority) {
    const surplus = (counts.get(pool) ?? 0) - target;
    if (surplus > 0) donors.push(...(idle.get(pool) ?? []).slice(0, surplus));
  }
  return donors;
}

function idlePodsByPool(pods: Iterable<MovablePod>): ReadonlyMap<PoolName, MovablePod[]> {
  const idle = new Map<PoolName, MovablePod[]>();
  for (const pod of pods) {
    if (pod.status !== 'available') continue;
    const ofPool = idle.get(pod.pool) ?? [];
    idle.set(pod.pool, ofPool);
    ofPool.push(pod);
  }
  return idle;
}
