import { initialTierConfig, InvalidTierConfigError } from './initial-tier-config';

describe('initialTierConfig', () => {
  it.each([null, '', ' \n', '{}', ' { } '])('returns the built-in tiers when the text is %j', (text) => {
    const config = initialTierConfig(text);

    expect([...config.tiers]).toEqual([
      ['gold', { type: 'exclusive', target: 10, maxConcurrent: 1 }],
      ['standard', { type: 'exclusive', target: 20, maxConcurrent: 1 }],
      ['overflow', { type: 'exclusive', target: 5, maxConcurrent: 1 }],
    ]);
    expect(config).toMatchObject({ defaultChain: ['gold', 'standard', 'overflow'], defaultTier: 'standard' });
  });

  it('returns what the text says', () => {
    expect([...initialTierConfig('{"silver":3}').tiers.keys()]).toEqual(['silver']);
  });

  it('throws all problems when the text cannot be used', () => {
    const text = '{"tiers":{"gold":-1},"default_chain":["nickel"]}';

    expect(() => initialTierConfig(text)).toThrow(InvalidTierConfigError);
    expect(() => initialTierConfig(text)).toThrow(
      'TIER_CONFIG: tiers.gold must be a whole number, 0 or more; default_chain[0] names no tier: "nickel"',
    );
  });
});
