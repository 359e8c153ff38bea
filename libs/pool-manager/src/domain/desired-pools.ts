import { dedicatedPool, type PoolName, type PoolPolicy } from '@smart-router/routing-store';
import type { TierConfig, TierPolicy } from '@smart-router/tier-config';

export interface DesiredPool {
  readonly policy: PoolPolicy;
  /** How many pods the pool should have. */
  readonly target: number;
}

/** The pools that the tier config asks for. */
export interface DesiredPools {
  /** In the order in which they are filled: dedicated pools, then the default chain, then the other tiers. */
  readonly byPriority: ReadonlyMap<PoolName, DesiredPool>;
  /** Takes the pods that no pool needs. One of `byPriority`. */
  readonly spill: PoolName;
}

const SPILL_TIER = 'overflow';

export function desiredPools(config: TierConfig): DesiredPools {
  const byPriority = new Map<PoolName, DesiredPool>();
  for (const [name, policy] of config.dedicatedPools) byPriority.set(dedicatedPool(name), desired(policy));
  for (const tier of new Set([...config.defaultChain, ...config.tiers.keys()])) {
    const policy = config.tiers.get(tier);
    if (policy) byPriority.set(tier, desired(policy));
  }
  const lastOfChain = config.defaultChain.at(-1) ?? config.defaultTier;
  return { byPriority, spill: config.tiers.has(SPILL_TIER) ? SPILL_TIER : lastOfChain };
}

function desired({ type, maxConcurrent, target }: TierPolicy): DesiredPool {
  return { policy: { type, maxConcurrent }, target };
}
