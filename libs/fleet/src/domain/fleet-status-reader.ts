import {
  StoreUnavailableError,
  type FleetConditions,
  type FleetReader,
  type FleetStats,
  type LeaderView,
  type PoolName,
  type RoutingStore,
} from '@smart-router/routing-store';
import type { TierConfig } from '@smart-router/tier-config';
import { describeFleet, fleetWarnings, type PoolStatus } from './describe-fleet';
import { LeaderAbsence } from './leader-absence';

/** What the store knows of pools and calls. */
interface FleetPools {
  readonly pools: ReadonlyMap<PoolName, PoolStatus>;
  readonly activeCalls: number;
}

/** The same with what no count of a pool shows. */
export interface FleetGauges extends FleetPools {
  readonly conditions: FleetConditions;
  /** One round trip to the store. */
  readonly latencyMs: number;
}

export interface FleetStatus {
  /** `down` where the store cannot be reached; everything that only the store knows is then `null`. */
  readonly status: 'up' | 'down';
  readonly pools: FleetPools['pools'] | null;
  readonly activeCalls: number | null;
  /** What an operator should know of the store, the leader and the pools; of the store alone where it is down. */
  readonly warnings: readonly string[];
  /** Whether this very process leads. */
  readonly isLeader: boolean;
  /** Who leads as the store knows it; `null` where no leader is announced, or the store is down. */
  readonly leader: LeaderView | null;
  readonly tierConfigVersion: number;
  /** `latencyMs`: one round trip; `null` where there was no answer. */
  readonly store: { readonly kind: RoutingStore['kind']; readonly latencyMs: number | null };
}

/** What the fleet's picture is made from. */
export interface FleetSources {
  readonly store: Pick<RoutingStore, 'kind' | 'ping' | 'warnings'> & {
    readonly reader: Pick<FleetReader, 'fleetStats' | 'fleetConditions'>;
  };
  /** The tier config in force. */
  readonly tierConfig: () => TierConfig;
  /** Whether this process leads at this moment. */
  readonly isLeader: () => boolean;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
}

const STORE_WARNINGS: Readonly<Record<string, string>> = {
  STORE_REFUSES_WRITES:
    'STORE_REFUSES_WRITES: Redis refuses writes, and no call gets a pod until it takes them: see /ready',
  WRONG_STORE: 'WRONG_STORE: Redis holds the data of another installation and is not used: see REDIS_URL',
};

const NO_LEADER =
  'NO_LEADER: nobody leads: pods are neither added nor removed, and leases that ran out are not ended; start a leader';

/** Reads the whole fleet at a cost that follows the number of pools, for gauges that of pods, never that of calls. */
export class FleetStatusReader {
  private readonly leaderAbsence: LeaderAbsence;

  constructor(private readonly sources: FleetSources) {
    this.leaderAbsence = new LeaderAbsence(sources.now);
  }

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
    const { stats } = await this.readStats();
    return { pools: describeFleet(stats, this.sources.tierConfig()), activeCalls: stats.activeCalls };
  }

  /** Counts per pool, the conditions of all pods, and how far away the store is. @throws StoreUnavailableError */
  async readGauges(): Promise<FleetGauges> {
    const { store } = this.sources;
    // The ping is sent first, so that it does not wait for what the reads take.
    const [latencyMs, pools, conditions] = await Promise.all([
      store.ping(),
      this.readPools(),
      store.reader.fleetConditions(),
    ]);
    return { ...pools, conditions, latencyMs };
  }

  /** For health; `null` where the store cannot be reached, which its own check reports. */
  async leaderFacts(): Promise<{ readonly has_leader: boolean | null; readonly warnings?: readonly string[] }> {
    try {
      const { stats, lacksLeader } = await this.readStats();
      return { has_leader: stats.leader !== null, ...(lacksLeader && { warnings: ['NO_LEADER'] }) };
    } catch (error) {
      if (error instanceof StoreUnavailableError) return { has_leader: null };
      throw error;
    }
  }

  private async readStats(): Promise<{ readonly stats: FleetStats; readonly lacksLeader: boolean }> {
    const stats = await this.sources.store.reader.fleetStats();
    return { stats, lacksLeader: this.leaderAbsence.observe(stats.leader) };
  }

  private async readStore(): Promise<FleetStatus> {
    const { store, tierConfig } = this.sources;
    const [latencyMs, { stats, lacksLeader }] = await Promise.all([store.ping(), this.readStats()]);
    const config = tierConfig();
    const pools = describeFleet(stats, config);
    return {
      ...this.ownView(),
      status: 'up',
      pools,
      warnings: [...this.storeWarnings(), ...(lacksLeader ? [NO_LEADER] : []), ...fleetWarnings(pools, config)],
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
      warnings: this.storeWarnings(),
      leader: null,
      store: { kind: this.sources.store.kind, latencyMs: null },
    };
  }

  /** What keeps calls from being placed, or will not pass by itself. */
  private storeWarnings(): readonly string[] {
    return this.sources.store.warnings().flatMap((code) => STORE_WARNINGS[code] ?? []);
  }

  private ownView(): Pick<FleetStatus, 'isLeader' | 'tierConfigVersion'> {
    return { isLeader: this.sources.isLeader(), tierConfigVersion: this.sources.tierConfig().version };
  }
}
