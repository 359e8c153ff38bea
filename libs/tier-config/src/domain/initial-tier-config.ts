import { type ParsedTierConfig, parseTierConfig } from './parse-tier-config';
import { describeProblems, type Problem } from './problem';
import type { TierConfig } from './tier-config';

const WITHOUT_TEXT = { gold: 10, standard: 20, overflow: 5 };

/** The environment holds a tier config that cannot be used. */
export class InvalidTierConfigError extends Error {
  readonly code = 'INVALID_TIER_CONFIG';

  constructor(readonly problems: readonly Problem[]) {
    super(`TIER_CONFIG: ${describeProblems(problems)}`);
  }
}

/**
 * The config that a process starts with, before it has asked the store.
 *
 * It is checked as strictly as what comes through the API: whoever deploys can still correct it.
 *
 * @param text what the environment says, in one of the three shapes; `null`, blank or `{}` for gold 10, standard 20
 *   and overflow 5 exclusive pods
 * @throws InvalidTierConfigError with all problems
 */
export function initialTierConfig(text: string | null): TierConfig {
  const parsed = parseInitial(text);
  if (parsed.kind === 'invalid') throw new InvalidTierConfigError(parsed.problems);
  return parsed.config;
}

/** Lets a mistake in the tier config be reported together with those in other settings. */
export const tierConfigCheck = {
  name: 'TIER_CONFIG',
  problem(text: string): string | undefined {
    const parsed = parseInitial(text);
    return parsed.kind === 'invalid' ? describeProblems(parsed.problems) : undefined;
  },
} as const;

/** Whether the text names tiers, so that they are not the built-in ones. */
export function isTierConfigGiven(text: string | null): text is string {
  return text !== null && !/^(\{\s*\})?$/.test(text.trim());
}

function parseInitial(text: string | null): ParsedTierConfig {
  return parseTierConfig(isTierConfigGiven(text) ? text : WITHOUT_TEXT, { strict: true });
}
