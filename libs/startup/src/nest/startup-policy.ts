import type { Settings } from '@smart-router/settings';
import { PROFILE_POLICIES, type StartupPolicy } from '../startup-options';

/** The part of a shutdown's time that one component may take, so that time is left for every other. */
const CLEANUP_SHARE = 0.06;

/** What the settings make of the profile. */
export function startupPolicy({ startup, http }: Pick<Settings, 'startup' | 'http'>): StartupPolicy {
  const profile = PROFILE_POLICIES[startup.profile];
  return {
    ...profile,
    robust: startup.robust,
    degradedAllowed: startup.degradedAllowed,
    maxRetries: startup.maxRetries ?? profile.maxRetries,
    breakerThreshold: startup.breakerThreshold ?? profile.breakerThreshold,
    recoveryMs: startup.recoveryMs ?? profile.recoveryMs,
    deadlineMs: startup.deadlineMs ?? profile.deadlineMs,
    cleanupTimeoutMs: Math.ceil(http.shutdownTimeoutMs * CLEANUP_SHARE),
  };
}
