import type { Clock } from '@smart-router/scheduling';

/** A component took longer than it may. */
export class StartupTimeoutError extends Error {
  readonly code = 'STARTUP_TIMEOUT';

  constructor(step: string, timeoutMs: number) {
    super(`${step} took longer than ${timeoutMs} ms`);
  }
}

export interface Attempt<Result> {
  /** What is attempted, for the error's text. */
  readonly step: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Aborted when the result is of no use any more. */
  readonly signal: AbortSignal;
  /** Its signal is aborted as soon as nobody waits for it any more. May throw, reject, or never settle. */
  readonly run: (signal: AbortSignal) => Promise<Result> | Result;
  /** Takes a result that came after the attempt had been given up. Must not reject. */
  readonly onLate: (result: Result) => Promise<void> | void;
}

export type AttemptOutcome<Result> =
  | { readonly kind: 'succeeded'; readonly result: Result }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'abandoned' };

export interface EndedAttempt<Result> {
  readonly outcome: AttemptOutcome<Result>;
  /** Resolves when `run` has settled, too, and what came too late was taken; never where it never settles. */
  readonly leftover: Promise<void>;
}

/**
 * Runs something for a bounded time.
 *
 * Guarantees: it settles, whatever `run` does, and every result is either returned or given to `onLate`, exactly once.
 */
export async function boundedAttempt<Result>(attempt: Attempt<Result>): Promise<EndedAttempt<Result>> {
  const { clock, onLate, run, signal, step, timeoutMs } = attempt;
  const over = new AbortController();
  const running = (async () => run(AbortSignal.any([signal, over.signal])))();
  const limit = async (): Promise<AttemptOutcome<Result>> => {
    await clock.sleep(timeoutMs, AbortSignal.any([signal, over.signal]));
    return signal.aborted ? { kind: 'abandoned' } : { kind: 'failed', error: new StartupTimeoutError(step, timeoutMs) };
  };
  const outcome = await Promise.race([settledOutcome(running), limit()]);
  over.abort();
  // What is rejected after the attempt was given up reaches nobody.
  const leftover = outcome.kind === 'succeeded' ? Promise.resolve() : running.then(onLate, () => undefined);
  return { outcome, leftover };
}

async function settledOutcome<Result>(running: Promise<Result>): Promise<AttemptOutcome<Result>> {
  try {
    return { kind: 'succeeded', result: await running };
  } catch (error) {
    return { kind: 'failed', error };
  }
}
