import { isIntegerFrom, isRecord, parsePolicies } from './parse-policies';
import { ParseReport, type Problem } from './problem';
import type { TierConfig, TierPolicy } from './tier-config';

export interface ValidTierConfig {
  readonly kind: 'valid';
  readonly config: TierConfig;
  /** They name what was ignored. */
  readonly warnings: readonly Problem[];
}

export type ParsedTierConfig =
  | ValidTierConfig
  /** All of the problems, at least one. Nothing of the text may be used. */
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

interface ParseTierConfigOptions {
  /**
   * `true` for what somebody writes now: an entry of `default_chain` that names no tier, or names it twice, and a field
   * that is not known are errors. `false` for what the store holds: these are left out with a warning, and so is a
   * version that is no number.
   */
  readonly strict: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** They make the difference between the envelope and the flat shapes, so no tier of a flat shape has such a name. */
const ENVELOPE_FIELDS = ['version', 'updated_at', 'dedicated_pools', 'default_chain', 'default_tier'];

const STANDARD = 'standard';

/**
 * Reads a tier config in any of its three shapes. An object with the field `tiers` is the envelope; every other
 * object is taken for the flat shape `{"gold": {"type", "target", "max_concurrent"}}` or for counts `{"gold": 10}`.
 * `null` counts as absent.
 *
 * A policy without `type` is exclusive; a shared one without `max_concurrent` takes 5 calls. Without `default_chain`
 * (or, in the store, with none of its entries usable) the chain is the order written, exclusive tiers before shared
 * ones. `JSON.parse` loses that order for names that are whole numbers, so that they need a `default_chain`. Without
 * `default_tier` it is `standard`, if there is such a tier, else the first of the chain.
 *
 * @param source the JSON text, or a value that was parsed from JSON
 * @returns the whole config, or every problem that was found
 */
export function parseTierConfig(source: unknown, options: ParseTierConfigOptions): ParsedTierConfig {
  const report = new ParseReport(options.strict);
  const fields = parseFields(source, report);
  const config = fields === null ? null : parseConfig(fields, report);
  if (config === null || report.problems.length > 0) return { kind: 'invalid', problems: report.problems };
  return { kind: 'valid', config, warnings: report.warnings };
}

function parseFields(source: unknown, report: ParseReport): Fields | null {
  const value = typeof source === 'string' ? parseJson(source) : source;
  if (isRecord(value)) return value;
  report.problem('', value === undefined ? 'is not valid JSON' : 'must be a JSON object');
  return null;
}

/** @returns `undefined`, which JSON cannot express, where the text is not JSON */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseConfig(fields: Fields, report: ParseReport): TierConfig {
  const isEnvelope = Object.hasOwn(fields, 'tiers');
  if (isEnvelope) report.unknownFields(fields, '', ['tiers', ...ENVELOPE_FIELDS]);
  const envelope: Fields = isEnvelope ? fields : flatAsEnvelope(fields, report);
  const tiers = parseSection(envelope['tiers'], isEnvelope ? 'tiers' : '', report);
  if (tiers.size === 0 && report.problems.length === 0) report.problem('tiers', 'must name at least one tier');
  const defaultChain = parseDefaultChain(envelope['default_chain'], tiers, report);
  return Object.freeze({
    version: parseVersion(envelope['version'], report),
    updatedAt: typeof envelope['updated_at'] === 'string' ? envelope['updated_at'] : null,
    tiers,
    dedicatedPools: parseSection(envelope['dedicated_pools'] ?? {}, 'dedicated_pools', report),
    defaultChain,
    defaultTier: parseDefaultTier(envelope['default_tier'], tiers, defaultChain, report),
  });
}

function flatAsEnvelope(fields: Fields, report: ParseReport): Fields {
  for (const name of ENVELOPE_FIELDS) {
    if (Object.hasOwn(fields, name)) report.problem(name, 'needs the field tiers beside it');
  }
  const tiers = Object.entries(fields).filter(([name]) => !ENVELOPE_FIELDS.includes(name));
  return { tiers: Object.fromEntries(tiers) };
}

function parseSection(section: unknown, path: string, report: ParseReport): Map<string, TierPolicy> {
  if (isRecord(section)) return parsePolicies(section, path, report);
  report.problem(path, 'must be an object');
  return new Map();
}

function parseVersion(value: unknown, report: ParseReport): number {
  if (value === undefined || value === null) return 0;
  if (isIntegerFrom(0, value)) return value;
  report.dropped('version', 'must be a whole number, 0 or more');
  return 0;
}

function parseDefaultChain(
  value: unknown,
  tiers: ReadonlyMap<string, TierPolicy>,
  report: ParseReport,
): readonly string[] {
  if (value === undefined || value === null) {
    if (isOrderLost(tiers)) report.dropped('default_chain', ORDER_LOST);
    return orderWritten(tiers);
  }
  if (!Array.isArray(value)) {
    report.problem('default_chain', 'must be a list of tiers');
    return orderWritten(tiers);
  }
  const chain = new Set<string>();
  value.forEach((entry: unknown, index) => {
    const problem = chainEntryProblem(entry, tiers, chain);
    if (problem === null) chain.add(entry as string);
    else report.dropped(`default_chain[${index}]`, problem);
  });
  if (value.length === 0) report.dropped('default_chain', 'must name at least one tier');
  return chain.size > 0 ? Object.freeze([...chain]) : orderWritten(tiers);
}

const ORDER_LOST = 'must be written out, since JSON keeps no order of tiers whose names are whole numbers';

/** What JavaScript takes for an index, and puts before all other names of an object, by size. */
const INDEX = /^(0|[1-9]\d{0,9})$/;

function isOrderLost(tiers: ReadonlyMap<string, TierPolicy>): boolean {
  return tiers.size > 1 && [...tiers.keys()].some((name) => INDEX.test(name));
}

function chainEntryProblem(
  entry: unknown,
  tiers: ReadonlyMap<string, TierPolicy>,
  before: ReadonlySet<string>,
): string | null {
  if (typeof entry !== 'string' || !tiers.has(entry)) return `names no tier: ${JSON.stringify(entry)}`;
  return before.has(entry) ? `names ${entry} again` : null;
}

function orderWritten(tiers: ReadonlyMap<string, TierPolicy>): readonly string[] {
  const ofType = (type: TierPolicy['type']): string[] =>
    [...tiers.keys()].filter((name) => tiers.get(name)?.type === type);
  return Object.freeze([...ofType('exclusive'), ...ofType('shared')]);
}

function parseDefaultTier(
  value: unknown,
  tiers: ReadonlyMap<string, TierPolicy>,
  chain: readonly string[],
  report: ParseReport,
): string {
  const usual = tiers.has(STANDARD) ? STANDARD : (chain[0] ?? STANDARD);
  if (value === undefined || value === null) return usual;
  if (typeof value === 'string' && tiers.has(value)) return value;
  report.problem('default_tier', `names no tier: ${JSON.stringify(value)}`);
  return usual;
}
