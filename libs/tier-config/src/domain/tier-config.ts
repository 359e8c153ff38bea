import type { PoolName } from '@smart-router/routing-store';

/** How a pool works and how big it should be. */
export interface TierPolicy {
  /** `exclusive`: one call per pod. `shared`: up to `maxConcurrent`. */
  readonly type: 'exclusive' | 'shared';
  /** How many pods the pool should have, 0 or more. */
  readonly target: number;
  /** Live calls per pod; always 1 where the type is `exclusive`. */
  readonly maxConcurrent: number;
}

/**
 * One whole, checked configuration. It is never changed; a new one takes its place.
 *
 * Invariants: there is at least one tier; `defaultChain` is not empty and names only tiers, each once;
 * `defaultTier` is a tier.
 */
export interface TierConfig {
  /** 0 for a text written by hand that has none. */
  readonly version: number;
  /** ISO 8601, `null` where the text does not say. */
  readonly updatedAt: string | null;
  /** In the order written. */
  readonly tiers: ReadonlyMap<string, TierPolicy>;
  /** Sizes of merchants' own pools, by the pool's name without `merchant:`. */
  readonly dedicatedPools: ReadonlyMap<string, TierPolicy>;
  /** The tiers that a call tries, in order. */
  readonly defaultChain: readonly PoolName[];
  /** Where a call starts whose merchant has no tier of its own. */
  readonly defaultTier: string;
}

/**
 * In a merchant's config this word stands for "a pool of its own, then the whole default chain". No tier may be
 * called so.
 */
export const DEDICATED = 'dedicated';
