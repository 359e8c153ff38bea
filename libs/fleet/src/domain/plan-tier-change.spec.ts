import type { TierConfig } from '@smart-router/tier-config';
import { sampleSources, sampleTierConfig } from '../testing/sample-fleet';
import { FleetStatusReader } from './fleet-status-reader';
import { planTierChange } from './plan-tier-change';

/** The sample fleet has two gold pods, one of them busy; gold wants two, standard one, basic one, acme three. */
async function changeOf(pool: string, after: Partial<TierConfig>) {
  const { pools } = await new FleetStatusReader(sampleSources()).readPools();
  const before = sampleTierConfig();
  return planTierChange(pools, before, { ...before, ...after }).find((change) => change.pool === pool);
}

const tiers = (...entries: [string, 'exclusive' | 'shared', number][]): Pick<TierConfig, 'tiers'> => ({
  tiers: new Map(entries.map(([name, type, target]) => [name, { type, target, maxConcurrent: 1 }])),
});

describe('planTierChange', () => {
  it('returns neither surplus nor deficit when the target is what is assigned', async () => {
    expect(await changeOf('gold', {})).toEqual({
      pool: 'gold',
      targetBefore: 2,
      targetAfter: 2,
      assigned: 2,
      activeCalls: 1,
      surplus: 0,
      deficit: 0,
      typeBefore: 'exclusive',
      typeAfter: 'exclusive',
    });
  });

  it('returns the surplus when the target falls below what is assigned', async () => {
    expect(await changeOf('gold', tiers(['gold', 'exclusive', 1]))).toMatchObject({ surplus: 1, deficit: 0 });
  });

  it('returns the deficit when the target rises above what is assigned', async () => {
    expect(await changeOf('gold', tiers(['gold', 'exclusive', 7]))).toMatchObject({ surplus: 0, deficit: 5 });
  });

  it('returns both types when the type changes', async () => {
    const change = await changeOf('gold', tiers(['gold', 'shared', 2]));
    expect(change).toMatchObject({ typeBefore: 'exclusive', typeAfter: 'shared' });
  });

  it('returns no type after and all pods as surplus when a pool is removed', async () => {
    const change = await changeOf('gold', tiers(['standard', 'exclusive', 1]));
    expect(change).toMatchObject({ typeAfter: null, targetAfter: 0, surplus: 2, activeCalls: 1 });
  });

  it('returns no type before when a pool is new', async () => {
    const change = await changeOf('silver', tiers(['silver', 'exclusive', 4]));
    expect(change).toMatchObject({ typeBefore: null, targetBefore: 0, deficit: 4 });
  });

  it('returns dedicated pools, too', async () => {
    expect(await changeOf('merchant:acme', { dedicatedPools: new Map() })).toMatchObject({
      targetBefore: 3,
      targetAfter: 0,
      typeAfter: null,
    });
  });
});
