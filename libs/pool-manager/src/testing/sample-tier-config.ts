import type { TierConfig, TierPolicy } from '@smart-router/tier-config';

type Tiers = Readonly<Record<string, Partial<TierPolicy>>>;

/** A config of these tiers, exclusive with a target of 1 where they do not say otherwise; the chain has all of them. */
export function sampleTierConfig(
  tiers: Tiers,
  more: { dedicatedPools?: Tiers; defaultChain?: string[] } = {},
): TierConfig {
  const names = Object.keys(tiers);
  return {
    version: 1,
    updatedAt: null,
    tiers: policies(tiers),
    dedicatedPools: policies(more.dedicatedPools ?? {}),
    defaultChain: more.defaultChain ?? names,
    defaultTier: names[0] as string,
  };
}

function policies(tiers: Tiers): ReadonlyMap<string, TierPolicy> {
  return new Map(
    Object.entries(tiers).map(([name, policy]) => [
      name,
      { type: 'exclusive', target: 1, maxConcurrent: 1, ...policy },
    ]),
  );
}
