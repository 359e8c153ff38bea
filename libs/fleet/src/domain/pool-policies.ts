import { dedicatedPool, type PoolName } from '@smart-router/routing-store';
import type { TierConfig, TierPolicy } from '@smart-router/tier-config';

/** Policies of tiers and dedicated pools, each under the name of its pool. */
export function policiesOf(config: TierConfig): ReadonlyMap<PoolName, TierPolicy> {
  const dedicated = [...config.dedicatedPools].map(([name, policy]) => [dedicatedPool(name), policy] as const);
  return new Map([...config.tiers, ...dedicated]);
}
