import {
  StoreUnavailableError,
  type FleetConditions,
  type LeaderView,
  type PoolName,
  type RoutingStore,
} from '@smart-router/routing-store';
import type { TierConfig } from '@smart-router/tier-config';
import { describeFleet, fleetWarnings, type PoolStatus } from './describe-fleet';

/** What the store knows of pools and calls. */
export interface FleetPools {
  readonly pools: ReadonlyMap<PoolName, PoolStatus>;
  readonly activeCalls: number;
}

/** The same with what no count of a pool shows. */
export interface FleetGauges extends FleetPools {
  readonly conditions: FleetConditions;
}

export interface FleetStatus {
  /** `down` where the store cannot be reached; everything that only the store knows is then `null`. */
  readonly status: 'up' | 'down';
  readonly pools: FleetPools['pools'] | null;
  readonly activeCalls: number | null;
  /** What an operator should know of the pools; empty where the store is down. */
  readonly warnings: readonly string[];
  /** Whether this very process leads. */
  readonly isLeader: boolean;
  /** Who leads as the store knows it; `null` where nobody announced it, or the store is down. */
  readonly leader: LeaderView | null;
  readonly tierConfigVersion: number;
  /** `latencyMs`: one round trip; `null` where there was no answer. */
  readonly store: { readonly kind: RoutingStore['kind']; readonly latencyMs: number | null };
}

/** What the fleet's picture is made from. */
export interface FleetSources {
  readonly store: Pick<RoutingStore, 'kind' | 'ping' | 'fleetStats' | 'fleetConditions'>;
  /** The tier config in force. */
  readonly tierConfig: () => TierConfig;
  /** Whether this process leads at this moment. */
  readonly isLeader: () => boolean;
}

/** Reads the whole fleet at a cost that follows the number of pools, for gauges that of pods, never that of calls. */
export class FleetStatusReader {
  constructor(private readonly sources: FleetSources) {}

  /** A store that cannot be reached is an answer (`status: 'down'`), not an error: operators ask just then. */
  async read(): Promise<FleetStatus> {
    try {
      return await this.readStore();
    } catch (error) {
      if (error instanceof StoreUnavailableError) return this.withoutStore();
      throw error;
    }
  }

  /** Counts per pool alone. @throws StoreUnavailableError */
  async readPools(): Promise<FleetPools> {
    const stats = await this.sources.store.fleetStats();
    return { pools: describeFleet(stats, this.sources.tierConfig()), activeCalls: stats.activeCalls };
  }

  /** Counts per pool and the conditions of all pods. @throws StoreUnavailableError */
  async readGauges(): Promise<FleetGauges> {
    const [pools, conditions] = await Promise.all([this.readPools(), this.sources.store.fleetConditions()]);
    return { ...pools, conditions };
  }

  private async readStore(): Promise<FleetStatus> {
    const { store, tierConfig } = this.sources;
    const [latencyMs, stats] = await Promise.all([store.ping(), store.fleetStats()]);
    const config = tierConfig();
    const pools = describeFleet(stats, config);
    return {
      ...this.ownView(),
      status: 'up',
      pools,
      warnings: fleetWarnings(pools, config),
      activeCalls: stats.activeCalls,
      leader: stats.leader,
      store: { kind: store.kind, latencyMs },
    };
  }

  private withoutStore(): FleetStatus {
    return {
      ...this.ownView(),
      status: 'down',
      pools: null,
      activeCalls: null,
      warnings: [],
      leader: null,
      store: { kind: this.sources.store.kind, latencyMs: null },
    };
  }

  private ownView(): Pick<FleetStatus, 'isLeader' | 'tierConfigVersion'> {
    return { isLeader: this.sources.isLeader(), tierConfigVersion: this.sources.tierConfig().version };
  }
}
