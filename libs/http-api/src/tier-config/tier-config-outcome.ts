import { ApiError, preconditionFailed } from '@smart-router/http';
import {
  describeProblems,
  type ParsedTierConfig,
  type Problem,
  type RollbackTierConfigOutcome,
  type TierConfig,
  tierConfigEnvelope,
} from '@smart-router/tier-config';
import { unknownVersion, versionConflict } from '../inputs/version-errors';
import type { TierConfigResponse } from './tier-config.dto';

/** @throws ApiError where nothing was stored */
export function storedConfig(outcome: RollbackTierConfigOutcome): TierConfigResponse {
  switch (outcome.kind) {
    case 'replaced':
      return tierConfigEnvelope(outcome.config);
    case 'invalid':
      throw invalidTierConfig(outcome.problems);
    case 'version-conflict':
      throw versionConflict(outcome.currentVersion);
    case 'precondition-failed':
      throw preconditionFailed(outcome.currentTag);
    case 'unknown-version':
      throw unknownVersion(outcome.version);
  }
}

/** @throws ApiError INVALID_TIER_CONFIG, which lists every problem */
export function validConfig(parsed: ParsedTierConfig): TierConfig {
  if (parsed.kind === 'invalid') throw invalidTierConfig(parsed.problems);
  return parsed.config;
}

function invalidTierConfig(problems: readonly Problem[]): ApiError {
  return new ApiError('INVALID_TIER_CONFIG', { text: `invalid tier config: ${describeProblems(problems)}` });
}
