import type { Clock } from './clock';

/** Work had no result in time. Whether it took effect is unknown. */
export class TimeoutError extends Error {
  readonly code = 'DEADLINE_EXCEEDED';

  constructor(
    /** What took too long. */
    readonly work: string,
    readonly ms: number,
  ) {
    super(`${work}: no result within ${ms} ms`);
  }
}

interface TimeoutOptions {
  /** Longest time to wait, by the clock. */
  readonly ms: number;
  readonly clock: Clock;
  /** Ends the wait early. */
  readonly signal?: AbortSignal;
  /** What is waited for, for the text of the error. */
  readonly name: string;
}

/**
 * Waits for work that may hang, whether or not it heeds the signal that it is given.
 *
 * The work's signal is aborted, with the reason that this rejects with, as soon as nobody waits for the work any more. What
 * the work resolves or rejects with after that is dropped. Work that makes something to be freed has to free it itself
 * where its signal is aborted. After the return no timer and no listener is left, however the work ended.
 *
 * @param work not begun where the signal is aborted already
 * @throws TimeoutError, the signal's reason, or what the work rejects with
 */
export async function withTimeout<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { ms, clock, signal, name }: TimeoutOptions,
): Promise<T> {
  signal?.throwIfAborted();
  const settled = new AbortController();
  const given = new AbortController();
  const abort = (): void => given.abort(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  void clock.sleep(ms, settled.signal).then(() => {
    if (!settled.signal.aborted) given.abort(new TimeoutError(name, ms));
  });
  const givenUp = new Promise<never>((_resolve, reject) => {
    given.signal.addEventListener('abort', () => reject(given.signal.reason), { once: true });
  });
  try {
    return await Promise.race([work(given.signal), givenUp]);
  } finally {
    settled.abort();
    signal?.removeEventListener('abort', abort);
  }
}
