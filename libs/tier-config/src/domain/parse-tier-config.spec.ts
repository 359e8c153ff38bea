import * as fc from 'fast-check';
import { parseTierConfig, type ParsedTierConfig } from './parse-tier-config';
import type { TierConfig } from './tier-config';

const strictly = (source: unknown): ParsedTierConfig => parseTierConfig(source, { strict: true });
const leniently = (source: unknown): ParsedTierConfig => parseTierConfig(source, { strict: false });

function configOf(parsed: ParsedTierConfig): TierConfig {
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

function pathsOf(parsed: ParsedTierConfig): string[] {
  return parsed.kind === 'invalid' ? parsed.problems.map(({ path }) => path) : [];
}

const exclusive = (target: number): object => ({ type: 'exclusive', target, maxConcurrent: 1 });
const shared = (target: number, maxConcurrent: number): object => ({ type: 'shared', target, maxConcurrent });

describe('parseTierConfig: shapes', () => {
  it('returns every field of an envelope', () => {
    const text = JSON.stringify({
      version: 7,
      updated_at: '2026-11-21T12:00:00.000Z',
      tiers: { gold: { type: 'exclusive', target: 2 }, basic: { type: 'shared', target: 1, max_concurrent: 3 } },
      dedicated_pools: { acme: { type: 'shared', target: 4, max_concurrent: 2 } },
      default_chain: ['basic', 'gold'],
      default_tier: 'gold',
    });

    expect(configOf(strictly(text))).toEqual({
      version: 7,
      updatedAt: '2026-11-21T12:00:00.000Z',
      tiers: new Map([
        ['gold', exclusive(2)],
        ['basic', shared(1, 3)],
      ]),
      dedicatedPools: new Map([['acme', shared(4, 2)]]),
      defaultChain: ['basic', 'gold'],
      defaultTier: 'gold',
    });
  });

  it('returns version 0 and no time when a text written by hand has neither', () => {
    expect(configOf(strictly({ tiers: { gold: 1 } }))).toMatchObject({ version: 0, updatedAt: null });
  });

  it('returns the tiers of the flat shape', () => {
    const flat = { gold: { type: 'exclusive', target: 1 }, basic: { type: 'shared', target: 1, max_concurrent: 3 } };

    expect([...configOf(strictly(flat)).tiers]).toEqual([
      ['gold', exclusive(1)],
      ['basic', shared(1, 3)],
    ]);
  });

  it('returns exclusive tiers when only counts are given', () => {
    expect([...configOf(strictly('{"gold":10,"standard":0}')).tiers]).toEqual([
      ['gold', exclusive(10)],
      ['standard', exclusive(0)],
    ]);
  });

  it('returns the same for a text and for the value parsed from it', () => {
    const value = { tiers: { gold: { target: 3 }, basic: { type: 'shared', target: 1 } } };

    expect(strictly(JSON.stringify(value))).toEqual(strictly(value));
  });

  const UNKNOWN_FIELDS = { tiers: { gold: { target: 1, colour: 'red' } }, comment: 'x' };

  it('returns fields that it does not know as problems when somebody writes them now', () => {
    expect(strictly(UNKNOWN_FIELDS)).toMatchObject({
      kind: 'invalid',
      problems: [
        { path: 'comment', message: expect.stringMatching(/^is not a known field: there are tiers, version, /) },
        { path: 'tiers.gold.colour', message: 'is not a known field: there are type, target, max_concurrent' },
      ],
    });
    expect(strictly({ gold: { target: 1, max_concurent: 2 } })).toMatchObject({
      problems: [{ path: 'gold.max_concurent' }],
    });
  });

  it('ignores fields that it does not know, with a warning, when it finds them in the store', () => {
    const parsed = leniently(UNKNOWN_FIELDS);
    expect(configOf(parsed).tiers.size).toBe(1);
    expect(parsed).toMatchObject({ warnings: [{ path: 'comment' }, { path: 'tiers.gold.colour' }] });
  });
});

describe('parseTierConfig: defaults', () => {
  it('returns exclusive when the type is missing', () => {
    expect(configOf(strictly({ gold: { target: 1 } })).tiers.get('gold')).toEqual(exclusive(1));
  });

  it('returns 5 calls per pod when a shared tier has no max_concurrent', () => {
    expect(configOf(strictly({ basic: { type: 'shared', target: 1 } })).tiers.get('basic')).toEqual(shared(1, 5));
  });

  it('takes null for absent', () => {
    const tiers = { basic: { type: 'shared', target: 1, max_concurrent: null }, gold: { type: null, target: 1 } };
    const config = configOf(strictly({ tiers, default_chain: null, default_tier: null, dedicated_pools: null }));

    expect([...config.tiers.values()]).toEqual([shared(1, 5), exclusive(1)]);
    expect(config.defaultChain).toEqual(['gold', 'basic']);
  });

  it('returns the order written, exclusive before shared, when there is no default_chain', () => {
    const tiers = { basic: { type: 'shared', target: 1 }, overflow: 1, pool: { type: 'shared', target: 1 }, gold: 1 };

    expect(configOf(strictly({ tiers })).defaultChain).toEqual(['overflow', 'gold', 'basic', 'pool']);
    expect(configOf(strictly(tiers)).defaultChain).toEqual(['overflow', 'gold', 'basic', 'pool']);
  });

  it('asks for a default_chain when the order written is lost, as of names that are whole numbers', () => {
    const problems = [{ path: 'default_chain', message: expect.stringMatching(/^must be written out, since JSON/) }];
    for (const text of ['{"premium":1,"2":1}', '{"tiers":{"10":{"target":1},"9":{"target":1}}}']) {
      expect(strictly(text)).toEqual({ kind: 'invalid', problems });
      expect(leniently(text)).toMatchObject({ kind: 'valid', warnings: [{ path: 'default_chain' }] });
    }
    expect(configOf(strictly('{"7":3}')).defaultChain).toEqual(['7']);
    const written = '{"tiers":{"premium":{"target":1},"2":{"target":1}},"default_chain":["premium","2"]}';
    expect(configOf(strictly(written)).defaultChain).toEqual(['premium', '2']);
  });

  it('returns standard as the default tier when there is such a tier', () => {
    expect(configOf(strictly({ gold: 1, standard: 1 })).defaultTier).toBe('standard');
  });

  it('returns the first of the chain as the default tier when there is no standard', () => {
    expect(configOf(strictly({ tiers: { gold: 1, silver: 1 }, default_chain: ['silver'] })).defaultTier).toBe('silver');
  });

  it('ignores max_concurrent on an exclusive tier, with a warning where it would matter', () => {
    const parsed = strictly({
      gold: { target: 1, max_concurrent: 3 },
      standard: { target: 1, max_concurrent: 0 },
    });

    expect([...configOf(parsed).tiers.values()]).toEqual([exclusive(1), exclusive(1)]);
    expect(parsed).toMatchObject({ warnings: [{ path: 'gold.max_concurrent' }] });
  });
});

describe('parseTierConfig: problems', () => {
  it.each(['', '{', 'gold', '{"gold":1}}'])('is invalid when the text %j is no JSON', (text) => {
    expect(strictly(text)).toEqual({ kind: 'invalid', problems: [{ path: '', message: 'is not valid JSON' }] });
  });

  it.each(['[]', '1', 'null', '"x"'])('is invalid when the text %j is no object', (text) => {
    expect(strictly(text)).toEqual({ kind: 'invalid', problems: [{ path: '', message: 'must be a JSON object' }] });
  });

  it.each([-1, 1.5, '3', true, null, undefined, Number.MAX_SAFE_INTEGER + 1])('rejects the target %j', (target) => {
    expect(pathsOf(strictly({ tiers: { gold: { target } } }))).toEqual(['tiers.gold.target']);
  });

  it.each([0, -1, 1.5, '3', true, 1001, 1_000_000_000])(
    'rejects max_concurrent %j on a shared tier',
    (max_concurrent) => {
      const tiers = { basic: { type: 'shared', target: 1, max_concurrent } };

      expect(pathsOf(strictly({ tiers }))).toEqual(['tiers.basic.max_concurrent']);
    },
  );

  it('takes a max_concurrent of 1000', () => {
    const tiers = { basic: { type: 'shared', target: 1, max_concurrent: 1000 } };

    expect(strictly({ tiers })).toMatchObject({ kind: 'valid' });
  });

  it('brings a larger max_concurrent that was found in the store down to the maximum, with a warning', () => {
    const tiers = { basic: { type: 'shared', target: 1, max_concurrent: 5000 } };

    const parsed = leniently({ tiers });
    expect(parsed).toMatchObject({ kind: 'valid', warnings: [{ path: 'tiers.basic.max_concurrent' }] });
    expect(parsed.kind === 'valid' && [...parsed.config.tiers.values()]).toEqual([shared(1, 1000)]);
  });

  it.each(['Shared', '', 1, true])('rejects the type %j', (type) => {
    expect(pathsOf(strictly({ tiers: { gold: { type, target: 1 } } }))).toEqual(['tiers.gold.type']);
  });

  it.each(['', 'merchant:acme', 'go ld', 'göld', 'a'.repeat(65), 'dedicated'])('rejects the tier name %j', (name) => {
    expect(pathsOf(strictly({ tiers: { [name]: 1 } }))).toEqual([`tiers.${name}`]);
  });

  it('accepts a tier name of 64 characters', () => {
    expect(configOf(strictly({ tiers: { ['a'.repeat(64)]: 1 } })).tiers.size).toBe(1);
  });

  it.each([{ tiers: [] }, { tiers: 'gold' }, { tiers: null }])('is invalid when tiers is no object: %j', (source) => {
    expect(pathsOf(strictly(source))).toEqual(['tiers']);
  });

  it.each([{}, { tiers: {} }])('is invalid when %j names no tier', (source) => {
    expect(pathsOf(leniently(source))).toEqual(['tiers']);
  });

  it('is invalid when fields of the envelope have no tiers beside them', () => {
    expect(pathsOf(strictly({ version: 3, gold: 1, default_tier: 'gold' }))).toEqual(['version', 'default_tier']);
  });

  it.each(['nickel', 7])('is invalid when default_tier %j names no tier', (default_tier) => {
    const source = { tiers: { gold: 1 }, default_tier };

    expect([pathsOf(strictly(source)), pathsOf(leniently(source))]).toEqual([['default_tier'], ['default_tier']]);
  });

  it('is invalid when default_chain is no list', () => {
    expect(pathsOf(leniently({ tiers: { gold: 1 }, default_chain: 'gold' }))).toEqual(['default_chain']);
  });

  it('names a tier of the flat shape without a section before it', () => {
    expect(pathsOf(strictly({ gold: { target: -1 }, basic: 'x' }))).toEqual(['gold.target', 'basic']);
  });

  it('reports all problems at once', () => {
    const parsed = strictly({
      version: -1,
      tiers: { gold: { type: 'x', target: -1 }, 'a b': { type: 'shared', target: 1, max_concurrent: 0 }, c: 'many' },
      dedicated_pools: { acme: { target: 'all' } },
      default_chain: ['c', 'nickel'],
      default_tier: 'nickel',
    });

    expect(pathsOf(parsed).sort()).toEqual([
      'dedicated_pools.acme.target',
      'default_chain[1]',
      'default_tier',
      'tiers.a b',
      'tiers.a b.max_concurrent',
      'tiers.c',
      'tiers.gold.target',
      'tiers.gold.type',
      'version',
    ]);
  });
});

describe('parseTierConfig: default_chain', () => {
  const tiers = { gold: 1, standard: 1 };

  it.each([
    ['names no tier', ['gold', 'nickel'], ['gold']],
    ['is no string', ['gold', 3], ['gold']],
    ['is repeated', ['gold', 'standard', 'gold'], ['gold', 'standard']],
  ])('is an error when written, and dropped when found, where an entry %s', (_, default_chain, expected) => {
    const written = strictly({ tiers, default_chain });
    const found = leniently({ tiers, default_chain });

    expect(pathsOf(written)).toEqual([`default_chain[${default_chain.length - 1}]`]);
    expect(configOf(found).defaultChain).toEqual(expected);
    expect(found).toMatchObject({ warnings: [{ path: `default_chain[${default_chain.length - 1}]` }] });
  });

  it('is an error when written empty, and the order written when found empty', () => {
    expect(pathsOf(strictly({ tiers, default_chain: [] }))).toEqual(['default_chain']);
    expect(configOf(leniently({ tiers, default_chain: [] })).defaultChain).toEqual(['gold', 'standard']);
  });

  it('is the order written when no entry that was found names a tier', () => {
    expect(configOf(leniently({ tiers, default_chain: ['nickel'] })).defaultChain).toEqual(['gold', 'standard']);
  });

  it('drops a version that is no number when found', () => {
    expect(configOf(leniently({ tiers, version: 'x' })).version).toBe(0);
  });
});

describe('parseTierConfig: invariants', () => {
  it('holds the invariants of TierConfig for whatever it takes, and never throws', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.jsonValue(),
      fc.record(
        {
          version: fc.jsonValue(),
          tiers: fc.dictionary(
            fc.constantFrom('gold', 'standard', 'basic'),
            fc.oneof(
              fc.nat(),
              fc.record(
                { type: fc.constantFrom('shared', 'exclusive'), target: fc.nat(), max_concurrent: fc.nat(9) },
                { requiredKeys: ['target'] },
              ),
            ),
          ),
          default_chain: fc.array(fc.constantFrom('gold', 'standard', 'basic', 'nickel')),
          default_tier: fc.constantFrom('gold', 'basic', null),
        },
        { requiredKeys: ['tiers'] },
      ),
    );

    fc.assert(
      fc.property(anything, fc.boolean(), (source, strict) => {
        const parsed = parseTierConfig(source, { strict });
        if (parsed.kind === 'invalid') {
          expect(parsed.problems.length).toBeGreaterThan(0);
          return;
        }
        const { tiers, defaultChain, defaultTier } = parsed.config;
        expect(tiers.size).toBeGreaterThan(0);
        expect(defaultChain.length).toBeGreaterThan(0);
        expect(new Set(defaultChain).size).toBe(defaultChain.length);
        expect([...defaultChain, defaultTier].filter((tier) => !tiers.has(tier))).toEqual([]);
        for (const { type, maxConcurrent } of tiers.values()) {
          expect(type === 'exclusive' ? maxConcurrent === 1 : maxConcurrent >= 1).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
