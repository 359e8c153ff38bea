import type { FleetConditions, FleetStats } from '@smart-router/routing-store';
import type { TierConfig } from '@smart-router/tier-config';
import type { FleetSources } from '../domain/fleet-status-reader';

const exclusive = { type: 'exclusive', maxConcurrent: 1 } as const;

/** gold, standard, basic (shared) and one dedicated pool. */
export function sampleTierConfig(): TierConfig {
  return {
    version: 7,
    updatedAt: null,
    tiers: new Map([
      ['gold', { ...exclusive, target: 2 }],
      ['standard', { ...exclusive, target: 1 }],
      ['basic', { type: 'shared', maxConcurrent: 3, target: 1 }],
    ]),
    dedicatedPools: new Map([['acme', { ...exclusive, target: 3 }]]),
    defaultChain: ['gold', 'standard', 'basic'],
    defaultTier: 'standard',
  };
}

export type StoreAnswers = Pick<FleetSources['store'], 'ping' | 'warnings'> & FleetSources['store']['reader'];

/** One busy and one idle gold pod; `overrides` replaces single answers of the store. */
export function sampleStore(overrides: Partial<StoreAnswers> = {}): FleetSources['store'] {
  const stats: FleetStats = {
    pools: [{ pool: 'gold', policy: exclusive, assigned: 2, available: 1, activeCalls: 1, draining: 0 }],
    activeCalls: 1,
    leader: { identity: 'router-a', epoch: 4, since: 1_700_000_000_000 },
  };
  const conditions: FleetConditions = {
    notReady: new Map([['gold', 1]]),
    oldestCallMs: 90_500,
    oldestDrainsMs: new Map([
      ['gold', 61_500],
      ['', 90_000],
    ]),
  };
  return {
    kind: 'memory',
    ping: async () => 2,
    warnings: () => [],
    ...overrides,
    reader: { fleetStats: async () => stats, fleetConditions: async () => conditions, ...overrides },
  };
}

export function sampleSources(overrides: Partial<StoreAnswers> = {}): FleetSources {
  return { store: sampleStore(overrides), tierConfig: sampleTierConfig, isLeader: () => true, now: () => 0 };
}
