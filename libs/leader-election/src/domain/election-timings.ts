/** How long contenders hold, renew and wait. The defaults of Kubernetes' own components are 15 s, 10 s and 2 s. */
export interface ElectionTimings {
  /** Others take a lease over that they have not seen change for that time; whole seconds. */
  readonly leaseDurationMs: number;
  /** A leader that could not renew for that time stops leading. */
  readonly renewDeadlineMs: number;
  /** Between two attempts; those who do not lead add up to {@link JITTER_FACTOR} times as much at random. */
  readonly retryPeriodMs: number;
}

/** Spreads the attempts of those who wait, so that a wait is 1 to 2.2 retry periods long. */
const JITTER_FACTOR = 1.2;

/** The election cannot be safe, or cannot work, with these options. */
export class InvalidElectionError extends Error {
  readonly code = 'INVALID_ELECTION';
}

/** @throws InvalidElectionError */
export function checkElection(identity: string, timings: ElectionTimings): void {
  const { leaseDurationMs, renewDeadlineMs, retryPeriodMs } = timings;
  const times = Object.entries(timings).filter(([, ms]) => !Number.isFinite(ms) || ms <= 0);
  if (identity === '') throw new InvalidElectionError('the identity must not be empty');
  if (times.length > 0) throw new InvalidElectionError(`${times.map(([name]) => name).join(', ')} must be above zero`);
  if (leaseDurationMs % 1000 !== 0) throw new InvalidElectionError('leaseDurationMs must be whole seconds');
  if (leaseDurationMs <= renewDeadlineMs) {
    throw new InvalidElectionError('leaseDurationMs must be longer than renewDeadlineMs');
  }
  if (renewDeadlineMs <= retryPeriodMs * JITTER_FACTOR) {
    throw new InvalidElectionError(`renewDeadlineMs must be longer than ${JITTER_FACTOR} times retryPeriodMs`);
  }
}

/** @param random from 0 (inclusive) to 1 (exclusive) */
export function candidateWaitMs({ retryPeriodMs }: ElectionTimings, random: number): number {
  return retryPeriodMs * (1 + JITTER_FACTOR * random);
}

/**
 * Each call to the place of the lease is given up after that time: a call that hangs then leaves time for another one
 * before the renew deadline.
 */
export function callTimeoutMs({ renewDeadlineMs }: ElectionTimings): number {
  return renewDeadlineMs / 2;
}
