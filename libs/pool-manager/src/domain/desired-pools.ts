import { dedicatedPool, isDedicatedPool, type PoolName, type PoolPolicy } from '@smart-router/routing-store';
import type { TierConfig, TierPolicy } from '@smart-router/tier-config';

interface DesiredPool {
  readonly policy: PoolPolicy;
  /** How many pods the pool should have. */
  readonly target: number;
}

/** The pools that the tier config asks for. */
export interface DesiredPools {
  /** In the order in which they are filled: dedicated pools, then the default chain, then the other tiers. */
  readonly byPriority: ReadonlyMap<PoolName, DesiredPool>;
  /** Where calls without a merchant start: it gets one pod before any other tier gets any. One of `byPriority`. */
  readonly starting: PoolName;
  /** Takes the pods that no pool needs. One of `byPriority`. */
  readonly overflowPool: PoolName;
}

/** How many pods each pool has; a pool that is not there has none. */
export type PodCounts = ReadonlyMap<PoolName, number>;

const OVERFLOW_TIER = 'overflow';

export function desiredPools(config: TierConfig): DesiredPools {
  const byPriority = new Map<PoolName, DesiredPool>();
  for (const [name, policy] of config.dedicatedPools) byPriority.set(dedicatedPool(name), desired(policy));
  for (const tier of new Set([...config.defaultChain, ...config.tiers.keys()])) {
    const policy = config.tiers.get(tier);
    if (policy) byPriority.set(tier, desired(policy));
  }
  const lastOfChain = config.defaultChain.at(-1) ?? config.defaultTier;
  const starting = config.defaultTier;
  return { byPriority, starting, overflowPool: config.tiers.has(OVERFLOW_TIER) ? OVERFLOW_TIER : lastOfChain };
}

/**
 * The pools that have fewer pods than their target, in the order in which they are to be filled: dedicated pools, then the
 * starting tier where it has no pod at all, then the others by priority.
 */
export function poolsInNeed({ byPriority, starting }: DesiredPools, counts: PodCounts): PoolName[] {
  const needy = [...byPriority].filter(([pool, { target }]) => (counts.get(pool) ?? 0) < target).map(([pool]) => pool);
  const isFirst = needy.includes(starting) && (counts.get(starting) ?? 0) === 0;
  if (!isFirst) return needy;
  const tiers = needy.filter((pool) => pool !== starting && !isDedicatedPool(pool));
  return [...needy.filter(isDedicatedPool), starting, ...tiers];
}

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

function desired({ type, maxConcurrent, target }: TierPolicy): DesiredPool {
  return { policy: { type, maxConcurrent }, target };
}
