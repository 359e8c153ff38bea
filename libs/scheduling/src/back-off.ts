/** How long to wait between attempts that fail one after the other. */
export interface BackOffPolicy {
  /** The ceiling of the wait after the first failure; it doubles with each one that follows. */
  readonly firstMs: number;
  readonly maxMs: number;
  /**
   * Which part of the wait is random, so that processes that failed together do not come back together: nothing of it;
   * its upper half; or all of it, which spreads many best (Brooker, "Exponential Backoff And Jitter", AWS Architecture
   * Blog, 2015) and may not wait at all.
   */
  readonly jitter: 'none' | 'half' | 'full';
}

const FIXED_PART = { none: 1, half: 0.5, full: 0 };

/**
 * @param attempt how many failed in a row, from 1
 * @param random from 0 (inclusive) to 1 (exclusive)
 * @returns how long to wait before the next attempt
 */
export function backOffMs({ firstMs, maxMs, jitter }: BackOffPolicy, attempt: number, random: number): number {
  const ceiling = Math.min(maxMs, firstMs * 2 ** (attempt - 1));
  const fixed = FIXED_PART[jitter];
  return ceiling * (fixed + (1 - fixed) * random);
}
