import { withinDeadline } from '@smart-router/scheduling';

/** The limit of a health check ran out. */
export class CheckTimeoutError extends Error {
  readonly code = 'CHECK_TIMEOUT';

  constructor(name: string, timeoutMs: number) {
    super(`${name} did not answer within ${timeoutMs} ms`);
  }
}

/** Runs a check that may hang, for at most `timeoutMs`. @throws CheckTimeoutError, or what the check rejects with */
export async function within(timeoutMs: number, name: string, check: () => Promise<unknown>): Promise<void> {
  await withinDeadline(check(), timeoutMs, () => new CheckTimeoutError(name, timeoutMs));
}
