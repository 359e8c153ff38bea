import type { Timers } from '../domain/timers';

interface Waiting {
  readonly dueMs: number;
  readonly task: () => void;
}

/** Time that passes only by `advance`. */
export class ManualTimers implements Timers {
  private nowMs = 0;
  private readonly waiting = new Set<Waiting>();

  after(delayMs: number, task: () => void): () => void {
    const entry = { dueMs: this.nowMs + delayMs, task };
    this.waiting.add(entry);
    return () => void this.waiting.delete(entry);
  }

  /** How many tasks wait for their time. */
  get pending(): number {
    return this.waiting.size;
  }

  /** Lets time pass and runs what is due, without waiting for what the tasks start. */
  advance(ms: number): void {
    this.nowMs += ms;
    for (const entry of this.waiting) {
      if (entry.dueMs > this.nowMs) continue;
      this.waiting.delete(entry);
      entry.task();
    }
  }
}
