import * as fc from 'fast-check';
import type { TierConfig, TierPolicy } from '../domain/tier-config';

const TIER_NAMES = ['gold', 'standard', 'overflow', 'basic', 'a.b~c-d_e', '__proto__', 'constructor'];

export const policies: fc.Arbitrary<TierPolicy> = fc.oneof(
  fc.record({ type: fc.constant('exclusive' as const), target: fc.nat(), maxConcurrent: fc.constant(1) }),
  fc.record({
    type: fc.constant('shared' as const),
    target: fc.nat(),
    maxConcurrent: fc.integer({ min: 1, max: 1000 }),
  }),
);

/** Every config that `parseTierConfig` may return. */
export const tierConfigs: fc.Arbitrary<TierConfig> = fc.subarray(TIER_NAMES, { minLength: 1 }).chain((names) =>
  fc.record({
    version: fc.nat(),
    updatedAt: fc.option(fc.constant('2026-11-21T12:00:00.000Z')),
    tiers: fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), policies))).map((entries) => new Map(entries)),
    dedicatedPools: fc.uniqueArray(fc.constantFrom('acme', 'globex', '__proto__')).chain(dedicatedPools),
    defaultChain: fc.shuffledSubarray(names, { minLength: 1 }),
    defaultTier: fc.constantFrom(...names),
  }),
);

function dedicatedPools(names: readonly string[]): fc.Arbitrary<Map<string, TierPolicy>> {
  return fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), policies))).map((entries) => new Map(entries));
}
