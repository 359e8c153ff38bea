/** The passing of time, so that tests can move it. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back, whatever happens to the wall clock. */
  now(): number;
  /** Resolves after `ms`, 24 days at most, or as soon as the signal is aborted; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** A timer of Node that is to take longer ends at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const finish = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, Math.min(ms, LONGEST_TIMER_MS));
      signal.addEventListener('abort', finish);
    }),
};
