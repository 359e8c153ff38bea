import type { Clock } from '@smart-router/scheduling';

/** A call of the election was not answered in time. Whether it took effect is unknown. */
export class ElectionCallTimeoutError extends Error {
  readonly code = 'ELECTION_CALL_TIMEOUT';

  constructor(readonly timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`);
  }
}

export interface TimeLimit {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Ends the wait early. */
  readonly signal: AbortSignal;
}

/**
 * Waits for what `send` began, for so long at most, whether or not `send` heeds the signal that it is given.
 * @throws ElectionCallTimeoutError, the signal's reason, or what `send` rejects with
 */
export async function withinTime<T>(limit: TimeLimit, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  limit.signal.throwIfAborted();
  const call = new AbortController();
  const wait = new AbortController();
  const cancel = (): void => wait.abort();
  limit.signal.addEventListener('abort', cancel);
  const givingUp = limit.clock.sleep(limit.timeoutMs, wait.signal).then(() => {
    const reason = limit.signal.aborted ? limit.signal.reason : new ElectionCallTimeoutError(limit.timeoutMs);
    call.abort(reason);
    throw reason;
  });
  try {
    return await Promise.race([send(call.signal), givingUp]);
  } finally {
    limit.signal.removeEventListener('abort', cancel);
    wait.abort();
  }
}
