import type { BackOffPolicy, Clock } from '@smart-router/scheduling';
import type { StartupObserver } from './startup-observer';

/** What a start does with failures. */
export interface StartupPolicy {
  /** Where false, components start once, one after the other, and the first failure ends the start. */
  readonly robust: boolean;
  /** Whether the process may serve without a component of priority HIGH. */
  readonly degradedAllowed: boolean;
  /** Attempts after the first one, unless the component says otherwise. */
  readonly maxRetries: number;
  /** Longest time for one attempt, unless the component says otherwise. */
  readonly timeoutMs: number;
  /** Longest time for the whole start; what has not started then has failed. */
  readonly deadlineMs: number;
  /** The wait between two attempts. */
  readonly backOff: BackOffPolicy;
  /** Failures in a row that open a component's circuit breaker. */
  readonly breakerThreshold: number;
  /** How long an open breaker waits before it lets one probe through. */
  readonly recoveryMs: number;
  /** Longest time to stop one component. */
  readonly cleanupTimeoutMs: number;
  /** How often started components are asked whether they work. */
  readonly healthIntervalMs: number;
  /** Longest time for one such answer. */
  readonly healthTimeoutMs: number;
}

/** What the manager takes from outside, so that tests need no waiting. */
export interface StartupPorts {
  readonly clock: Clock;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  /** Milliseconds since the epoch, for people; never compared. */
  readonly wallClock: () => number;
  readonly observer: StartupObserver;
}

/** Sets of defaults for the places where a process runs. */
type StartupProfile = 'development' | 'production' | 'test';

const PRODUCTION: StartupPolicy = {
  robust: true,
  degradedAllowed: true,
  maxRetries: 3,
  timeoutMs: 30_000,
  deadlineMs: 120_000,
  backOff: { firstMs: 1_000, maxMs: 30_000, jitter: 'full' },
  breakerThreshold: 3,
  recoveryMs: 300_000,
  cleanupTimeoutMs: 10_000,
  healthIntervalMs: 10_000,
  healthTimeoutMs: 1_000,
};

/**
 * - `production`: patient, as others start at the same time;
 * - `development`: reports a mistake soon, and notices soon that it was repaired;
 * - `test`: one attempt, short waits.
 */
export const PROFILE_POLICIES: Readonly<Record<StartupProfile, StartupPolicy>> = {
  production: PRODUCTION,
  development: { ...PRODUCTION, maxRetries: 1, deadlineMs: 60_000, recoveryMs: 10_000, healthIntervalMs: 5_000 },
  test: {
    ...PRODUCTION,
    maxRetries: 0,
    deadlineMs: 60_000,
    backOff: { firstMs: 100, maxMs: 1_000, jitter: 'full' },
    recoveryMs: 1_000,
    healthIntervalMs: 500,
  },
};
