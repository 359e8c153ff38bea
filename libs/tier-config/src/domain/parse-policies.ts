import { POOL_NAME_PART } from '@smart-router/routing-store';
import type { ParseReport } from './problem';
import { DEDICATED, type TierPolicy } from './tier-config';

const DEFAULT_SHARED_MAX_CONCURRENT = 5;

/** No voice agent talks to more callers at once; a slip of a digit would put all calls on one pod. */
const MAX_SHARED_MAX_CONCURRENT = 1000;

const POLICY_FIELDS = ['type', 'target', 'max_concurrent'];

const NAME_RULE = 'is not a name: 1 to 64 characters of A-Z a-z 0-9 . _ ~ -, not . or ..';

/**
 * Reads `{"gold": {"type", "target", "max_concurrent"}}` or `{"gold": 10}`; the two may be mixed.
 *
 * @param path where the entries are, for the report
 * @returns the policies in the order written; where an entry has problems, which are reported, some stand-in
 */
export function parsePolicies(
  entries: Readonly<Record<string, unknown>>,
  path: string,
  report: ParseReport,
): Map<string, TierPolicy> {
  const policies = new Map<string, TierPolicy>();
  for (const [name, entry] of Object.entries(entries)) {
    const entryPath = path === '' ? name : `${path}.${name}`;
    const problem = nameProblem(name);
    if (problem !== null) report.problem(entryPath, problem);
    policies.set(name, parsePolicy(entry, entryPath, report));
  }
  return policies;
}

function nameProblem(name: string): string | null {
  if (!POOL_NAME_PART.test(name)) return NAME_RULE;
  return name === DEDICATED ? 'is a reserved word and cannot be a name' : null;
}

function parsePolicy(entry: unknown, path: string, report: ParseReport): TierPolicy {
  if (typeof entry === 'number') {
    return { type: 'exclusive', target: parseTarget(entry, path, report), maxConcurrent: 1 };
  }
  if (!isRecord(entry)) {
    report.problem(path, 'must be an object with type, target and max_concurrent, or a number of pods');
    return { type: 'exclusive', target: 0, maxConcurrent: 1 };
  }
  report.unknownFields(entry, `${path}.`, POLICY_FIELDS);
  const type = parseType(entry['type'], `${path}.type`, report);
  const target = parseTarget(entry['target'], `${path}.target`, report);
  return { type, target, maxConcurrent: parseMaxConcurrent(type, entry['max_concurrent'], path, report) };
}

function parseType(value: unknown, path: string, report: ParseReport): TierPolicy['type'] {
  if (value === undefined || value === null || value === 'exclusive') return 'exclusive';
  if (value === 'shared') return 'shared';
  report.problem(path, 'must be "exclusive" or "shared"');
  return 'exclusive';
}

function parseTarget(value: unknown, path: string, report: ParseReport): number {
  if (isIntegerFrom(0, value)) return value;
  report.problem(path, 'must be a whole number, 0 or more');
  return 0;
}

/** What was stored before there was a maximum is brought down to it, so that its other tiers stay in force. */
function atMost(max: number, value: number, path: string, report: ParseReport): number {
  if (value <= max) return value;
  report.dropped(path, `must be at most ${max}`);
  return max;
}

/** On an exclusive pool the value has no meaning; texts written by other programs may carry a 0 there. */
function parseMaxConcurrent(type: TierPolicy['type'], value: unknown, path: string, report: ParseReport): number {
  const valuePath = `${path}.max_concurrent`;
  if (type === 'exclusive') {
    if (typeof value === 'number' && value > 1)
      report.warning(valuePath, 'is ignored: an exclusive pod takes one call');
    return 1;
  }
  if (value === undefined || value === null) return DEFAULT_SHARED_MAX_CONCURRENT;
  if (isIntegerFrom(1, value)) return atMost(MAX_SHARED_MAX_CONCURRENT, value, valuePath, report);
  report.problem(valuePath, 'must be a whole number, 1 or more');
  return DEFAULT_SHARED_MAX_CONCURRENT;
}

/** Whether it is a JSON object: no array, not `null`. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isIntegerFrom(min: number, value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= min;
}
