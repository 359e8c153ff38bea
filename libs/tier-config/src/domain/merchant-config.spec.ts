import * as fc from 'fast-check';
import { checkMerchantConfig, parseMerchantConfig } from './merchant-config';
import { initialTierConfig } from './initial-tier-config';

const tierConfig = initialTierConfig(null);

describe('parseMerchantConfig', () => {
  it('returns tier, pool and fallback', () => {
    const config = { tier: 'gold', pool: 'acme', fallback: ['standard'] };

    expect(parseMerchantConfig(JSON.stringify(config))).toEqual({ kind: 'valid', config });
  });

  it('keeps an empty fallback, which means none', () => {
    expect(parseMerchantConfig('{"fallback":[]}')).toEqual({ kind: 'valid', config: { fallback: [] } });
  });

  it('takes null and empty strings for absent', () => {
    expect(parseMerchantConfig('{"tier":"","pool":null,"fallback":null}')).toEqual({ kind: 'valid', config: {} });
  });

  it('ignores fields that it does not know', () => {
    expect(parseMerchantConfig('{"tier":"gold","since":2024,"__proto__":{"pool":"acme"}}')).toEqual({
      kind: 'valid',
      config: { tier: 'gold' },
    });
  });

  it('returns tiers that do not exist', () => {
    expect(parseMerchantConfig('{"tier":"nickel"}')).toEqual({ kind: 'valid', config: { tier: 'nickel' } });
  });

  it.each(['', 'gold', '{"tier":"gold"', '[]', 'null', '"gold"', '3'])('is malformed when the text is %j', (text) => {
    expect(parseMerchantConfig(text)).toMatchObject({ kind: 'malformed', problems: [{ path: '' }] });
  });

  it.each([
    ['tier', '{"tier":1}'],
    ['pool', '{"pool":["acme"]}'],
    ['pool', '{"pool":"merchant:acme"}'],
    ['fallback', '{"fallback":"gold"}'],
    ['fallback', '{"fallback":["gold",1]}'],
  ])('is malformed when %s cannot be read in %s', (path, text) => {
    expect(parseMerchantConfig(text)).toMatchObject({ kind: 'malformed', problems: [{ path }] });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(['valid', 'malformed']).toContain(parseMerchantConfig(text).kind);
      }),
    );
  });
});

describe('checkMerchantConfig', () => {
  it.each([{}, { tier: 'gold' }, { tier: 'dedicated', pool: 'acme' }, { pool: 'acme', fallback: [] }])(
    'accepts %j',
    (value) => {
      expect(checkMerchantConfig(value, tierConfig)).toEqual({ kind: 'valid', config: value });
    },
  );

  it.each(['teir', 'merchant_id', '__proto__'])(
    'is malformed when there is a field %j that it does not know',
    (name) => {
      const value: unknown = JSON.parse(`{"tier":"gold","${name}":"basic"}`);
      expect(checkMerchantConfig(value, tierConfig)).toEqual({
        kind: 'malformed',
        problems: [{ path: name, message: 'is not a known field: there are tier, pool, fallback' }],
      });
    },
  );

  it('reports every tier that does not exist or is repeated', () => {
    const value = { tier: 'nickel', fallback: ['gold', 'dedicated', 'gold', 'lead'] };

    expect(checkMerchantConfig(value, tierConfig)).toEqual({
      kind: 'malformed',
      problems: [
        { path: 'tier', message: 'names no tier: "nickel"' },
        { path: 'fallback[1]', message: 'names no tier: "dedicated"' },
        { path: 'fallback[2]', message: 'names gold again' },
        { path: 'fallback[3]', message: 'names no tier: "lead"' },
      ],
    });
  });

  it.each([undefined, null, [], 'gold'])('is malformed when the value is %j', (value) => {
    expect(checkMerchantConfig(value, tierConfig)).toMatchObject({ kind: 'malformed', problems: [{ path: '' }] });
  });
});
