import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** How often Node looks at the loop; what it finds counts from here. */
const RESOLUTION_MS = 10;
const SAMPLE_MS = 500;

/**
 * By how much the event loop lagged behind on average, lately. It is read on demand: nothing runs between requests,
 * and a lag that nobody asks for costs nothing. It needs no file descriptor, so that it works when none is left.
 */
export class EventLoopLag {
  private readonly delays: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private sampledAt = Infinity;
  private lagMs = 0;

  /** What the loop did before does not count. */
  start(): void {
    this.delays.enable();
    this.sampledAt = performance.now();
  }

  stop(): void {
    this.delays.disable();
  }

  /** @returns milliseconds, the mean of the last half second or of the time since it was last asked; 0 until then */
  get meanMs(): number {
    const now = performance.now();
    if (now - this.sampledAt >= SAMPLE_MS && this.delays.count > 0) {
      this.lagMs = Math.max(0, this.delays.mean / 1e6 - RESOLUTION_MS);
      this.delays.reset();
      this.sampledAt = now;
    }
    return this.lagMs;
  }
}
