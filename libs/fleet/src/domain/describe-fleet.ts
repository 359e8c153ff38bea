import {
  dedicatedPool,
  type FleetStats,
  type PoolName,
  type PoolPolicy,
  type PoolStats,
} from '@smart-router/routing-store';
import type { TierConfig, TierPolicy } from '@smart-router/tier-config';

/** One pool as operators see it: what the store counts beside what the config wants. */
export interface PoolStatus {
  readonly type: PoolPolicy['type'];
  /** Pods of the pool, busy and draining ones included. */
  readonly assigned: number;
  /** Pods that can take a call now. */
  readonly available: number;
  /** Live calls on pods of the pool. */
  readonly activeCalls: number;
  /** Calls that all pods of the pool together can hold, in number of calls. */
  readonly capacity: number;
  /** How many pods the config wants here; 0 for a pool that the config does not name (any more). */
  readonly target: number;
  readonly draining: number;
  /** Live calls per pod; only where the pool is shared. */
  readonly maxConcurrent?: number;
}

/**
 * Puts the counts of the store and the targets of the config together.
 *
 * Type and `maxConcurrent` are those that the store applies, since they decide which calls are placed; those of the
 * config stand in only for pools that the store does not know yet.
 *
 * @returns the pools in the order of the config, tiers before dedicated pools (`merchant:<pool>`), then those that
 * exist in the store alone, in the order of the store
 */
export function describeFleet(stats: FleetStats, config: TierConfig): ReadonlyMap<PoolName, PoolStatus> {
  const configured = policiesOf(config);
  const counted = new Map(stats.pools.map((pool) => [pool.pool, pool]));
  const names = new Set([...configured.keys(), ...counted.keys()]);
  return new Map([...names].map((name) => [name, describePool(counted.get(name), configured.get(name))]));
}

/**
 * What an operator should know of the numbers, as sentences: pools with fewer or more pods than their target, and a
 * starting tier without any, where calls without a merchant find none.
 */
export function fleetWarnings(
  pools: ReadonlyMap<PoolName, PoolStatus>,
  { defaultTier }: TierConfig,
): readonly string[] {
  const hasNone = (pools.get(defaultTier)?.assigned ?? 0) === 0;
  const offTarget = [...pools].filter(([, { assigned, target }]) => assigned !== target);
  return [
    ...(hasNone ? [`${defaultTier}, where calls without a merchant start, has no pods`] : []),
    ...offTarget.map(([pool, { assigned, target }]) =>
      assigned < target
        ? `${pool} has ${assigned} of ${target} pods`
        : `${pool} has ${assigned} pods, more than its target of ${target}`,
    ),
  ];
}

/** Policies of tiers and dedicated pools, each under the name of its pool. */
export function policiesOf(config: TierConfig): ReadonlyMap<PoolName, TierPolicy> {
  const dedicated = [...config.dedicatedPools].map(([name, policy]) => [dedicatedPool(name), policy] as const);
  return new Map([...config.tiers, ...dedicated]);
}

const NO_COUNTS = { assigned: 0, available: 0, activeCalls: 0, draining: 0 };

function describePool(stats: PoolStats | undefined, wanted: TierPolicy | undefined): PoolStatus {
  const policy = stats?.policy ?? wanted ?? { type: 'exclusive', maxConcurrent: 1 };
  const { assigned, available, activeCalls, draining } = stats ?? NO_COUNTS;
  return {
    type: policy.type,
    assigned,
    available,
    activeCalls,
    capacity: assigned * policy.maxConcurrent,
    target: wanted?.target ?? 0,
    draining,
    ...(policy.type === 'shared' ? { maxConcurrent: policy.maxConcurrent } : {}),
  };
}
