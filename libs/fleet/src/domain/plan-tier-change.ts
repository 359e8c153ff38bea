import type { PoolName } from '@smart-router/routing-store';
import type { TierConfig, TierPolicy } from '@smart-router/tier-config';
import { policiesOf, type PoolStatus } from './describe-fleet';

/** What a new tier config would mean for one pool, given the pods that it has now. */
export interface PoolChange {
  readonly pool: PoolName;
  readonly targetBefore: number;
  readonly targetAfter: number;
  readonly assigned: number;
  readonly activeCalls: number;
  /** Pods beyond the new target: they may move to other pools once they are idle. */
  readonly surplus: number;
  /** Pods missing to the new target. */
  readonly deficit: number;
  /** `null` where the pool is new. */
  readonly typeBefore: TierPolicy['type'] | null;
  /** `null` where the pool is removed. */
  readonly typeAfter: TierPolicy['type'] | null;
}

/**
 * What would move if `after` took the place of `before`; nothing is changed.
 *
 * @param pools what exists now, as `describeFleet` returns it
 * @returns one entry per pool of either config and per pool with pods, in the order of `pools`, new ones at the end
 */
export function planTierChange(
  pools: ReadonlyMap<PoolName, PoolStatus>,
  before: TierConfig,
  after: TierConfig,
): readonly PoolChange[] {
  const policiesBefore = policiesOf(before);
  const policiesAfter = policiesOf(after);
  const names = new Set([...pools.keys(), ...policiesBefore.keys(), ...policiesAfter.keys()]);
  return [...names].map((pool) => changeOf(pool, pools.get(pool), policiesBefore.get(pool), policiesAfter.get(pool)));
}

function changeOf(
  pool: PoolName,
  status: PoolStatus | undefined,
  before: TierPolicy | undefined,
  after: TierPolicy | undefined,
): PoolChange {
  const { assigned, activeCalls } = status ?? { assigned: 0, activeCalls: 0 };
  const targetAfter = after?.target ?? 0;
  return {
    pool,
    targetBefore: before?.target ?? 0,
    targetAfter,
    assigned,
    activeCalls,
    surplus: Math.max(0, assigned - targetAfter),
    deficit: Math.max(0, targetAfter - assigned),
    typeBefore: before?.type ?? null,
    typeAfter: after?.type ?? null,
  };
}
