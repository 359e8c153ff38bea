import * as fc from 'fast-check';
import { tierConfigs } from '../testing/arbitrary-tier-config';
import { resolveChain } from './chain';
import { initialTierConfig } from './initial-tier-config';
import type { MerchantConfig } from './merchant-config';

const fourTiers = initialTierConfig(
  '{"gold":1,"standard":1,"overflow":1,"basic":{"type":"shared","target":1,"max_concurrent":3}}',
);

const withSpareTier = initialTierConfig(
  JSON.stringify({ tiers: { spare: 1, gold: 1, standard: 1 }, default_chain: ['gold', 'standard'] }),
);

function chainOf(merchant: MerchantConfig | null, tierConfig = fourTiers): readonly string[] {
  return resolveChain(merchant, tierConfig).chain;
}

describe('resolveChain', () => {
  it('starts at the default tier when the merchant has no config', () => {
    expect(chainOf(null)).toEqual(['standard', 'overflow', 'basic']);
  });

  it('starts at the default tier when the config says nothing', () => {
    expect(chainOf({})).toEqual(['standard', 'overflow', 'basic']);
  });

  it.each([
    ['gold', ['gold', 'standard', 'overflow', 'basic']],
    ['standard', ['standard', 'overflow', 'basic']],
    ['basic', ['basic']],
  ])('goes from the tier %s onward', (tier, expected) => {
    expect(chainOf({ tier })).toEqual(expected);
  });

  it('starts at the first of the chain when the tier is dedicated', () => {
    expect(chainOf({ tier: 'dedicated', pool: 'acme' })).toEqual([
      'merchant:acme',
      'gold',
      'standard',
      'overflow',
      'basic',
    ]);
  });

  it('puts the own pool before the chain of the tier', () => {
    expect(chainOf({ tier: 'overflow', pool: 'acme' })).toEqual(['merchant:acme', 'overflow', 'basic']);
  });

  it('puts the own pool before the default tier when there is no tier', () => {
    expect(chainOf({ pool: 'acme' })).toEqual(['merchant:acme', 'standard', 'overflow', 'basic']);
  });

  it('takes the fallback in place of the default chain', () => {
    expect(chainOf({ tier: 'gold', pool: 'acme', fallback: ['basic', 'gold'] })).toEqual([
      'merchant:acme',
      'basic',
      'gold',
    ]);
    expect(chainOf({ tier: 'gold', fallback: ['basic'] })).toEqual(['basic']);
  });

  it('is the own pool alone when the fallback is empty', () => {
    expect(chainOf({ tier: 'gold', pool: 'acme', fallback: [] })).toEqual(['merchant:acme']);
  });

  it.each([[[]], [['nickel']]])('is the tier alone when there is no pool and the fallback is %j', (fallback) => {
    expect(chainOf({ tier: 'gold', fallback })).toEqual(['gold']);
    expect(chainOf({ fallback })).toEqual(['standard']);
  });

  it('takes the default tier for one that does not exist, and reports its name', () => {
    expect(resolveChain({ tier: 'nickel' }, fourTiers)).toEqual({
      chain: ['standard', 'overflow', 'basic'],
      unknownTiers: ['nickel'],
    });
  });

  it('skips tiers of the fallback that do not exist, and reports their names once', () => {
    expect(resolveChain({ tier: 'lead', fallback: ['nickel', 'basic', 'lead', 'nickel'] }, fourTiers)).toEqual({
      chain: ['basic'],
      unknownTiers: ['lead', 'nickel'],
    });
  });

  it('names each pool once when the fallback repeats one', () => {
    expect(chainOf({ fallback: ['basic', 'gold', 'basic'] })).toEqual(['basic', 'gold']);
  });

  it('puts a tier outside of the default chain before the whole chain', () => {
    expect(chainOf({ tier: 'spare' }, withSpareTier)).toEqual(['spare', 'gold', 'standard']);
  });

  it('puts a default tier outside of the default chain before the whole chain', () => {
    expect(chainOf(null, { ...withSpareTier, defaultTier: 'spare' })).toEqual(['spare', 'gold', 'standard']);
  });
});

describe('resolveChain: invariants', () => {
  const names = fc.constantFrom('gold', 'standard', 'overflow', 'basic', 'nickel', 'dedicated', '__proto__');
  const merchants = fc.option(
    fc.record({ tier: names, pool: fc.constantFrom('acme', 'gold'), fallback: fc.array(names) }, { requiredKeys: [] }),
  );

  it('is never empty, names each pool once, and only tiers and the own pool', () => {
    fc.assert(
      fc.property(merchants, tierConfigs, (merchant, tierConfig) => {
        const { chain } = resolveChain(merchant, tierConfig);
        const own = merchant?.pool === undefined ? [] : [`merchant:${merchant.pool}`];

        expect(chain.length).toBeGreaterThan(0);
        expect(new Set(chain).size).toBe(chain.length);
        expect(chain.slice(0, own.length)).toEqual(own);
        expect(chain.slice(own.length).filter((pool) => !tierConfig.tiers.has(pool))).toEqual([]);
      }),
    );
  });

  it('ends with the default chain from its second pool on, in order, when there is no fallback', () => {
    fc.assert(
      fc.property(tierConfigs, names, (tierConfig, tier) => {
        const [first = '', ...rest] = resolveChain({ tier }, tierConfig).chain;
        const position = tierConfig.defaultChain.indexOf(first);

        expect(rest).toEqual(tierConfig.defaultChain.slice(position + 1));
      }),
    );
  });
});
