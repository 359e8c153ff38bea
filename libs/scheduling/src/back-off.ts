export interface BackOff {
  /** The longest wait after the first failure; it doubles with each one that follows. */
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * How long to wait after so many failures in a row (1 or more). Half of the wait is random, so that processes that
 * failed together do not come back together.
 *
 * @param random from 0 (inclusive) to 1 (exclusive)
 */
export function backOffMs({ firstMs, maxMs }: BackOff, failures: number, random: number): number {
  const ceiling = Math.min(maxMs, firstMs * 2 ** (failures - 1));
  return ceiling / 2 + (ceiling / 2) * random;
}

/**
 * How long to wait after so many failures in a row (1 or more), anywhere from 0 to the bound: full jitter, which
 * spreads many that failed together best (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
 *
 * @param random from 0 (inclusive) to 1 (exclusive)
 */
export function fullJitterMs({ firstMs, maxMs }: BackOff, failures: number, random: number): number {
  return random * Math.min(maxMs, firstMs * 2 ** (failures - 1));
}
