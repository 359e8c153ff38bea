/** What a process knows of the clock of the store, from its answers. Times of the store are Unix times. */
export interface StoreTimes {
  /**
   * The store's time in milliseconds, or a little earlier: what is not to happen later than this moment plus some time, by
   * the own clock, must not be allowed longer. `null` while nothing is known.
   */
  earliestMs(): number | null;
  /** The store's time in microseconds, or a little later: no grant that was acknowledged by now has a higher number. */
  latestUs(): number | null;
}

/** Two clocks drift apart by less. */
const DRIFT = 1 / 1_000;

/**
 * Keeps bounds of the difference between the store's clock and the own monotonic one.
 *
 * An answer with the store's time, asked for at `a` and received at `b`, bounds the difference: the store read it at
 * some moment between them. Several such bounds narrow each other (the interval intersection of Marzullo's algorithm); one
 * that contradicts the former ones replaces them, as the clock of the store was set, or another store answers.
 */
export class StoreClock implements StoreTimes {
  private bounds: { readonly low: number; readonly high: number; readonly atMs: number } | null = null;

  /** How far the numbers of grants are ahead of the store's clock. */
  private aheadUs = 0;

  /** @param now the own clock, in milliseconds, which never goes back */
  constructor(private readonly now: () => number) {}

  /**
   * What the store said when it was asked, in microseconds.
   * @param highestNumber of a grant so far, where that is ahead of the time
   */
  observe(askedAtMs: number, receivedAtMs: number, storeTimeUs: number, highestNumber = storeTimeUs): void {
    const storeTimeMs = storeTimeUs / 1_000;
    const answer = { low: storeTimeMs - receivedAtMs, high: storeTimeMs - askedAtMs, atMs: receivedAtMs };
    this.aheadUs = Math.max(0, highestNumber - storeTimeUs);
    const known = this.widened(receivedAtMs);
    const low = Math.max(answer.low, known?.low ?? -Infinity);
    const high = Math.min(answer.high, known?.high ?? Infinity);
    this.bounds = low <= high ? { low, high, atMs: receivedAtMs } : answer;
  }

  earliestMs(): number | null {
    const nowMs = this.now();
    const known = this.widened(nowMs);
    return known && nowMs + known.low;
  }

  latestUs(): number | null {
    const nowMs = this.now();
    const known = this.widened(nowMs);
    return known && Math.ceil((nowMs + known.high) * 1_000) + this.aheadUs;
  }

  private widened(atMs: number): { readonly low: number; readonly high: number } | null {
    if (!this.bounds) return null;
    const drift = Math.max(0, atMs - this.bounds.atMs) * DRIFT;
    return { low: this.bounds.low - drift, high: this.bounds.high + drift };
  }
}
