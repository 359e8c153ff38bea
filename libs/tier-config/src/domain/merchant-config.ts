import { POOL_NAME_PART } from '@smart-router/routing-store';
import { isRecord } from './parse-policies';
import { type Problem, unknownField } from './problem';
import { DEDICATED, type TierConfig } from './tier-config';

/** What a merchant has of its own. An empty object says nothing. */
export interface MerchantConfig {
  /** A tier, or `dedicated` for the whole default chain. */
  readonly tier?: string;
  /** The merchant's own pool, without `merchant:`. */
  readonly pool?: string;
  /** The tiers after the pool, in place of the default chain; empty for none. */
  readonly fallback?: readonly string[];
}

export type ParsedMerchantConfig =
  | { readonly kind: 'valid'; readonly config: MerchantConfig }
  | { readonly kind: 'malformed'; readonly problems: readonly Problem[] };

/**
 * Reads what the store holds for a merchant, perhaps written by hand. Fields that are not known are ignored; an empty
 * `tier` or `pool` and `null` count as absent. Whether the tiers exist is not asked here: they may come and go.
 */
export function parseMerchantConfig(text: string): ParsedMerchantConfig {
  try {
    return outcomeOf(readFields(JSON.parse(text)));
  } catch {
    return { kind: 'malformed', problems: [{ path: '', message: 'is not valid JSON' }] };
  }
}

/**
 * Checks a config that somebody writes now: as `parseMerchantConfig`, but a field that is not known is a problem, and
 * every tier that it names must exist.
 *
 * @param value a value that was parsed from JSON
 */
export function checkMerchantConfig(value: unknown, tierConfig: TierConfig): ParsedMerchantConfig {
  const { config, problems } = readFields(value);
  return outcomeOf({
    config,
    problems: [
      ...problems,
      ...unknownFields(value),
      ...tierProblems(config, tierConfig),
      ...fallbackProblems(config, tierConfig),
    ],
  });
}

const FIELDS = ['tier', 'pool', 'fallback'];

function unknownFields(value: unknown): Problem[] {
  const unknown = isRecord(value) ? Object.keys(value).filter((name) => !FIELDS.includes(name)) : [];
  return unknown.map((name) => unknownField(name, FIELDS));
}

interface ReadFields {
  /** The fields that could be read. */
  readonly config: MerchantConfig;
  readonly problems: readonly Problem[];
}

function outcomeOf({ config, problems }: ReadFields): ParsedMerchantConfig {
  return problems.length > 0 ? { kind: 'malformed', problems } : { kind: 'valid', config };
}

function readFields(value: unknown): ReadFields {
  if (!isRecord(value)) return { config: {}, problems: [{ path: '', message: 'must be a JSON object' }] };
  const [tier, pool, fallback] = [value['tier'], value['pool'], value['fallback']].map((field) => field ?? undefined);
  return {
    config: {
      ...(isGiven(tier) && typeof tier === 'string' && { tier }),
      ...(isPoolName(pool) && { pool }),
      ...(isListOfStrings(fallback) && { fallback }),
    },
    problems: fieldProblems(tier, pool, fallback),
  };
}

function isGiven(field: unknown): boolean {
  return field !== undefined && field !== '';
}

function fieldProblems(tier: unknown, pool: unknown, fallback: unknown): Problem[] {
  const problems: Problem[] = [];
  if (isGiven(tier) && typeof tier !== 'string') problems.push({ path: 'tier', message: 'must be a string' });
  if (isGiven(pool) && !isPoolName(pool)) {
    problems.push({ path: 'pool', message: 'must be 1 to 64 characters of A-Z a-z 0-9 . _ ~ -, not . or ..' });
  }
  if (isGiven(fallback) && !isListOfStrings(fallback)) {
    problems.push({ path: 'fallback', message: 'must be a list of tiers' });
  }
  return problems;
}

function isPoolName(value: unknown): value is string {
  return typeof value === 'string' && POOL_NAME_PART.test(value);
}

function isListOfStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

function tierProblems({ tier }: MerchantConfig, { tiers }: TierConfig): Problem[] {
  if (tier === undefined || tier === DEDICATED || tiers.has(tier)) return [];
  return [{ path: 'tier', message: `names no tier: ${JSON.stringify(tier)}` }];
}

function fallbackProblems({ fallback = [] }: MerchantConfig, { tiers }: TierConfig): Problem[] {
  return fallback.flatMap((tier, index) => {
    const path = `fallback[${index}]`;
    if (!tiers.has(tier)) return [{ path, message: `names no tier: ${JSON.stringify(tier)}` }];
    return fallback.indexOf(tier) < index ? [{ path, message: `names ${tier} again` }] : [];
  });
}
