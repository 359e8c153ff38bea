import type { Clock } from '../clock';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that moves only when a test moves it. */
export class ManualClock implements Clock {
  private time = 0;
  private readonly sleepers = new Set<Sleeper>();

  now(): number {
    return this.time;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted || ms <= 0) return resolve();
      const wake = (): void => {
        this.sleepers.delete(sleeper);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { until: this.time + ms, wake };
      this.sleepers.add(sleeper);
      signal.addEventListener('abort', wake);
    });
  }

  /** How many sleep now. */
  get sleeping(): number {
    return this.sleepers.size;
  }

  /** Wakes all who sleep until then, in order, each after what the one before set off has come to rest. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settled();
    for (let next = this.nextUntil(end); next; next = this.nextUntil(end)) {
      this.time = Math.max(this.time, next.until);
      next.wake();
      await settled();
    }
    this.time = end;
  }

  /** The process is paused for that time: time goes by, and nobody wakes before the clock advances again. */
  jump(ms: number): void {
    this.time += ms;
  }

  private nextUntil(end: number): Sleeper | undefined {
    return [...this.sleepers].filter(({ until }) => until <= end).sort((a, b) => a.until - b.until)[0];
  }
}

/** Resolves when all promises that wait for nothing but each other have settled. */
export async function settled(): Promise<void> {
  // Microtasks run to the last before the next tick of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
}
