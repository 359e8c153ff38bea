import type { EventLogger } from '@smart-router/logging';
import type { PoolName, PoolStats } from '@smart-router/routing-store';
import type { TierConfig } from '@smart-router/tier-config';
import { desiredPools } from './desired-pools';

/** Logs how many pods the pools have: once at the start, and of the starting tier whenever it has none. */
export class PoolSizeReport {
  private isGiven = false;
  private startingTierLacksPods = false;

  constructor(private readonly logger: EventLogger) {}

  /** @param pools after the first resync; those that are not built yet say nothing */
  see(config: TierConfig, pools: readonly PoolStats[]): void {
    const assigned = new Map(pools.map((pool) => [pool.pool, pool.assigned]));
    if (!this.isGiven) this.reportTargets(config, assigned);
    this.isGiven = true;
    this.reportStartingTier(config.defaultTier, assigned.get(config.defaultTier));
  }

  private reportTargets(config: TierConfig, assigned: ReadonlyMap<PoolName, number>): void {
    const rows = [...desiredPools(config).byPriority].map(([pool, { target }]) => {
      return { pool, pods: assigned.get(pool) ?? 0, target };
    });
    const short = rows.filter(({ pods, target }) => pods < target);
    const surplus = rows.filter(({ pods, target }) => pods > target);
    if (short.length + surplus.length === 0) return;
    this.logger.info({ short, surplus }, 'pools have other numbers of pods than their targets');
  }

  /** Once when it begins and once when it is over. */
  private reportStartingTier(tier: PoolName, pods: number | undefined): void {
    const lacksPods = pods === 0;
    if (pods === undefined || lacksPods === this.startingTierLacksPods) return;
    this.startingTierLacksPods = lacksPods;
    if (lacksPods) this.logger.warn({ tier, pods }, 'the tier where calls without a merchant start has no pods');
    else this.logger.info({ tier, pods }, 'the tier where calls without a merchant start has pods again');
  }
}
