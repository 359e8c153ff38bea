import * as fc from 'fast-check';
import { tierConfigs } from '../testing/arbitrary-tier-config';
import { parseTierConfig } from './parse-tier-config';
import { serialiseTierConfig, tierConfigEnvelope } from './tier-config-envelope';

describe('tierConfigEnvelope', () => {
  it('returns every field in the form of the API', () => {
    const config = {
      version: 4,
      updatedAt: null,
      tiers: new Map([
        ['gold', { type: 'exclusive', target: 2, maxConcurrent: 1 } as const],
        ['basic', { type: 'shared', target: 1, maxConcurrent: 3 } as const],
      ]),
      dedicatedPools: new Map(),
      defaultChain: ['gold', 'basic'],
      defaultTier: 'basic',
    };

    expect(tierConfigEnvelope(config)).toEqual({
      version: 4,
      updated_at: null,
      tiers: { gold: { type: 'exclusive', target: 2 }, basic: { type: 'shared', target: 1, max_concurrent: 3 } },
      default_chain: ['gold', 'basic'],
      default_tier: 'basic',
    });
  });
});

describe('serialiseTierConfig', () => {
  it('returns a text that is read back as the same config', () => {
    fc.assert(
      fc.property(tierConfigs, (config) => {
        expect(parseTierConfig(serialiseTierConfig(config), { strict: true })).toEqual({
          kind: 'valid',
          config,
          warnings: [],
        });
      }),
    );
  });
});
