import { isDedicatedPool, type PodStatus, type PoolName } from '@smart-router/routing-store';
import { type DesiredPools, type PodCounts, poolsInNeed } from './desired-pools';

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

type IdlePods = ReadonlyMap<PoolName, readonly MovablePod[]>;

/**
 * Decides which idle pods move from pools over their target to pools under theirs.
 *
 * Pools are filled in the order of their need, and the least important pool gives first. No pool falls below its target by
 * giving, but for the first pod of the starting tier, or rises above it by taking; a surplus that no pool needs stays where it is. Pods that hold a call or drain wait for a
 * later plan, so that repeating plan and moves leads to the targets as pods become idle.
 */
export function planMoves(desired: DesiredPools, counts: PodCounts, pods: Iterable<MovablePod>): readonly Move[] {
  // As in nearly every resync of a large fleet.
  if (poolsInNeed(desired, counts).length === 0) return [];
  const idle = idlePodsByPool(pods);
  const donors = donorsOf(desired, counts, idle);
  const counted = new Map(counts);
  const moves: Move[] = [];
  for (let [to] = poolsInNeed(desired, counted); to !== undefined; [to] = poolsInNeed(desired, counted)) {
    const donor = donors.pop() ?? lenderOf(desired, counted, idle, { to, moves });
    if (!donor) return moves;
    moves.push({ podName: donor.podName, from: donor.pool, to });
    counted.set(to, (counted.get(to) ?? 0) + 1);
    counted.set(donor.pool, (counted.get(donor.pool) ?? 0) - 1);
  }
  return moves;
}

/** For the first pod of the starting tier any other tier gives one, the least important first, below its target too. */
function lenderOf(
  { byPriority, starting }: DesiredPools,
  counts: PodCounts,
  idle: IdlePods,
  { to, moves }: { readonly to: PoolName; readonly moves: readonly Move[] },
): MovablePod | undefined {
  if (to !== starting || (counts.get(starting) ?? 0) > 0) return undefined;
  const unmoved = withoutMoved(idle, moves);
  const lenders = [...byPriority.keys()].filter((pool) => pool !== starting && !isDedicatedPool(pool));
  return lenders.flatMap((pool) => unmoved.get(pool)?.at(-1) ?? []).at(-1);
}

/** The pods to give, the first one to give last. */
function donorsOf(desired: DesiredPools, counts: PodCounts, idle: IdlePods): MovablePod[] {
  const donors: MovablePod[] = [];
  for (const [pool, { target }] of desired.byPriority) {
    const surplus = (counts.get(pool) ?? 0) - target;
    if (surplus > 0) donors.push(...(idle.get(pool) ?? []).slice(0, surplus));
  }
  return donors;
}

function withoutMoved(idle: IdlePods, moves: readonly Move[]): IdlePods {
  const moved = new Set(moves.map(({ podName }) => podName));
  return new Map([...idle].map(([pool, pods]) => [pool, pods.filter(({ podName }) => !moved.has(podName))]));
}

function idlePodsByPool(pods: Iterable<MovablePod>): IdlePods {
  const idle = new Map<PoolName, MovablePod[]>();
  for (const pod of pods) {
    if (pod.status !== 'available') continue;
    const ofPool = idle.get(pod.pool) ?? [];
    idle.set(pod.pool, ofPool);
    ofPool.push(pod);
  }
  return idle;
}
