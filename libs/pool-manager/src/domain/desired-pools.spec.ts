import { sampleTierConfig } from '../testing/sample-tier-config';
import { desiredPools } from './desired-pools';

describe('desiredPools', () => {
  it('returns dedicated pools, then the chain, then the other tiers when asked for the order', () => {
    const config = sampleTierConfig(
      { basic: {}, gold: {}, standard: {} },
      { defaultChain: ['gold', 'standard'], dedicatedPools: { acme: {} } },
    );
    expect([...desiredPools(config).byPriority.keys()]).toEqual(['merchant:acme', 'gold', 'standard', 'basic']);
  });

  it('returns overflow as the overflow pool when there is such a tier', () => {
    const config = sampleTierConfig({ gold: {}, overflow: {}, basic: {} });
    expect(desiredPools(config).overflowPool).toBe('overflow');
  });

  it('returns the last of the chain as the overflow pool when there is no overflow', () => {
    const config = sampleTierConfig({ gold: {}, standard: {}, extra: {} }, { defaultChain: ['gold', 'standard'] });
    expect(desiredPools(config).overflowPool).toBe('standard');
  });

  it('returns target and policy of each pool', () => {
    const config = sampleTierConfig({ basic: { type: 'shared', maxConcurrent: 3, target: 7 } });
    expect(desiredPools(config).byPriority.get('basic')).toEqual({
      policy: { type: 'shared', maxConcurrent: 3 },
      target: 7,
    });
  });
});
