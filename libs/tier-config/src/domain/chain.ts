import { dedicatedPool, type PoolName } from '@smart-router/routing-store';
import type { MerchantConfig } from './merchant-config';
import { DEDICATED, type TierConfig } from './tier-config';

export interface ResolvedChain {
  /** The pools to try, in order, each once. Never empty. */
  readonly chain: readonly PoolName[];
  /** Names in the merchant's config that are no tiers and were skipped. */
  readonly unknownTiers: readonly string[];
}

/**
 * Decides which pools a call of the merchant tries:
 *
 * 1. the merchant's own pool, if it has one;
 * 2. then its `fallback`, if that is present; an empty one adds nothing;
 * 3. otherwise the default chain from the merchant's tier onward. A tier outside of the default chain comes before
 *    the whole of it.
 *
 * A merchant without a tier, or with one that does not exist, has the default tier; `dedicated` starts at the first
 * of the chain. Where a `fallback` leaves no pool at all, the merchant's tier alone is tried: "no fallback" means
 * nothing after it, not that the merchant's calls are lost.
 *
 * @param merchant `null` for a merchant without a config, or with one that cannot be read
 */
export function resolveChain(merchant: MerchantConfig | null, tierConfig: TierConfig): ResolvedChain {
  const { tier, pool, fallback } = merchant ?? {};
  const own = pool === undefined ? [] : [dedicatedPool(pool)];
  const start = startTier(tier, tierConfig);
  const named = fallback?.filter((name) => tierConfig.tiers.has(name));
  const chain = [...own, ...(named ?? chainFrom(start, tierConfig.defaultChain))];
  return {
    chain: Object.freeze([...new Set(chain.length > 0 ? chain : [start])]),
    unknownTiers: unknownTiers(merchant, tierConfig),
  };
}

function startTier(tier: string | undefined, { tiers, defaultChain, defaultTier }: TierConfig): string {
  if (tier === DEDICATED) return defaultChain[0] ?? defaultTier;
  return tier !== undefined && tiers.has(tier) ? tier : defaultTier;
}

function chainFrom(tier: string, defaultChain: readonly string[]): readonly string[] {
  const index = defaultChain.indexOf(tier);
  return index >= 0 ? defaultChain.slice(index) : [tier, ...defaultChain];
}

function unknownTiers(merchant: MerchantConfig | null, { tiers }: TierConfig): readonly string[] {
  const named = [...(merchant?.tier === undefined ? [] : [merchant.tier]), ...(merchant?.fallback ?? [])];
  return [...new Set(named.filter((name) => name !== DEDICATED && !tiers.has(name)))];
}
