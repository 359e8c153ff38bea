import { type Clock, TimeoutError } from '@smart-router/scheduling';

/** One call from its beginning to its end: aborted by the caller, by its time limit, or because it is over. */
export class Exchange {
  private readonly controller = new AbortController();
  private readonly limit = new AbortController();
  private readonly aborted: Promise<never>;
  private readonly onAbort = (): void => this.controller.abort(this.caller.reason);

  constructor(
    clock: Clock,
    private readonly caller: AbortSignal,
    timeoutMs: number,
  ) {
    this.aborted = new Promise((_, reject) => {
      this.signal.addEventListener('abort', () => reject(this.signal.reason), { once: true });
    });
    // Raced against by `during`; where nothing is awaited at that moment, it is no unhandled rejection.
    this.aborted.catch(() => undefined);
    caller.addEventListener('abort', this.onAbort, { once: true });
    if (caller.aborted) this.onAbort();
    void clock.sleep(timeoutMs, this.limit.signal).then(() => {
      if (!this.limit.signal.aborted) this.controller.abort(new TimeoutError('waiting for an answer', timeoutMs));
    });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Waits for the work, but not beyond the end of the exchange, whatever the work does then. */
  during<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.aborted]);
  }

  liftTimeLimit(): void {
    this.limit.abort();
  }

  /** Frees the connection where the answer was not read to its end. */
  end(): void {
    this.limit.abort();
    this.caller.removeEventListener('abort', this.onAbort);
    this.controller.abort(new Error('the call is over'));
  }
}
