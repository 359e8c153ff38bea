import type { FleetStats, PoolStats } from '@smart-router/routing-store';
import { sampleTierConfig } from '../testing/sample-fleet';
import { describeFleet, fleetWarnings } from './describe-fleet';

const statsOf = (...pools: PoolStats[]): FleetStats => ({ pools, activeCalls: 0, leader: null });

const sharedPool: PoolStats = {
  pool: 'basic',
  policy: { type: 'shared', maxConcurrent: 3 },
  assigned: 2,
  available: 1,
  activeCalls: 4,
  draining: 1,
};

describe('describeFleet', () => {
  it('returns the counts of the store with the target of the config when both know the pool', () => {
    const pools = describeFleet(statsOf(sharedPool), sampleTierConfig());
    expect(pools.get('basic')).toEqual({
      type: 'shared',
      assigned: 2,
      available: 1,
      activeCalls: 4,
      capacity: 6,
      target: 1,
      draining: 1,
      maxConcurrent: 3,
    });
  });

  it('returns an empty pool when only the config knows it', () => {
    const pools = describeFleet(statsOf(), sampleTierConfig());
    expect(pools.get('gold')).toEqual({
      type: 'exclusive',
      assigned: 0,
      available: 0,
      activeCalls: 0,
      capacity: 0,
      target: 2,
      draining: 0,
    });
  });

  it('returns no maxConcurrent when the pool is exclusive', () => {
    expect(describeFleet(statsOf(), sampleTierConfig()).get('gold')).not.toHaveProperty('maxConcurrent');
  });

  it('returns a target of 0 when only the store knows the pool', () => {
    const removed = { ...sharedPool, pool: 'former' };
    expect(describeFleet(statsOf(removed), sampleTierConfig()).get('former')).toMatchObject({
      target: 0,
      assigned: 2,
    });
  });

  it('returns dedicated pools under merchant:<pool> when the config names them', () => {
    expect(describeFleet(statsOf(), sampleTierConfig()).get('merchant:acme')).toMatchObject({ target: 3, assigned: 0 });
  });

  it('returns the policy that the store applies when the config wants another one', () => {
    const stillShared = { ...sharedPool, pool: 'gold' };
    expect(describeFleet(statsOf(stillShared), sampleTierConfig()).get('gold')).toMatchObject({
      type: 'shared',
      maxConcurrent: 3,
      target: 2,
    });
  });

  it('returns the pools of the config first, in its order', () => {
    const archived = { ...sharedPool, pool: 'archive' };
    const pools = describeFleet(statsOf(archived, sharedPool), sampleTierConfig());
    expect([...pools.keys()]).toEqual(['gold', 'standard', 'basic', 'merchant:acme', 'archive']);
  });
});

describe('fleetWarnings', () => {
  const config = { ...sampleTierConfig(), defaultTier: 'standard' };
  const full = [...describeFleet(statsOf(), config)].map(([pool, { target }]): PoolStats => ({
    ...sharedPool,
    pool,
    assigned: target,
  }));

  it('are none when every pool has what it should', () => {
    expect(fleetWarnings(describeFleet(statsOf(...full), config), config)).toEqual([]);
  });

  it('name the starting tier when it has no pod, and each pool that lacks some', () => {
    const missing = { standard: 1, gold: 1 } as Readonly<Record<string, number>>;
    const some = full.map((stats) => ({ ...stats, assigned: stats.assigned - (missing[stats.pool] ?? 0) }));
    expect(fleetWarnings(describeFleet(statsOf(...some), config), config).toSorted()).toEqual([
      'gold has 1 of 2 pods',
      'standard has 0 of 1 pods',
      'standard, where calls without a merchant start, has no pods',
    ]);
  });

  it('name each pool that has more pods than it should, also one that the config does not name', () => {
    const more = full.map((stats) => ({ ...stats, assigned: stats.assigned + (stats.pool === 'gold' ? 3 : 0) }));
    const archived = { ...sharedPool, pool: 'archive', assigned: 1 };
    expect(fleetWarnings(describeFleet(statsOf(...more, archived), config), config)).toEqual([
      'gold has 5 pods, more than its target of 2',
      'archive has 1 pods, more than its target of 0',
    ]);
  });
});
