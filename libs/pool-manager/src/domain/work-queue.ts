import { backOffMs, type BackOffPolicy } from '@smart-router/scheduling';

interface WorkQueueOptions {
  /** Between the attempts of one key. */
  readonly backOff: BackOffPolicy;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

interface Item<Value> {
  readonly value: Value;
  readonly dueAtMs: number;
}

/**
 * Keys that wait to be processed, each once, with what was reported of it last; as the work queue of client-go.
 *
 * Guarantees: a key that is added while it is processed is given out once more afterwards; a key that failed is given
 * out again after a back-off of its own, which grows until it is done, and holds up no other key.
 * All times are those of one clock, in milliseconds.
 */
export class WorkQueue<Value> {
  private readonly items = new Map<string, Item<Value>>();
  /** How often keys have failed in a row. */
  private readonly failures = new Map<string, number>();

  constructor(private readonly options: WorkQueueOptions) {}

  /** The key is due at once. */
  add(key: string, value: Value): void {
    this.items.set(key, { value, dueAtMs: -Infinity });
  }

  /** Gives out all keys that are due; each has to be reported by `done` or `retry`. */
  take(nowMs: number): ReadonlyMap<string, Value> {
    const due = [...this.items].filter(([, { dueAtMs }]) => dueAtMs <= nowMs);
    for (const [key] of due) this.items.delete(key);
    return new Map(due.map(([key, { value }]) => [key, value]));
  }

  done(key: string): void {
    this.failures.delete(key);
  }

  /** The key has failed. What was added of it meanwhile counts. */
  retry(key: string, value: Value, nowMs: number): void {
    const failures = (this.failures.get(key) ?? 0) + 1;
    this.failures.set(key, failures);
    if (this.items.has(key)) return;
    const { backOff, random } = this.options;
    this.items.set(key, { value, dueAtMs: nowMs + backOffMs(backOff, failures, random()) });
  }

  /** How long until a key is due; `Infinity` where none waits. */
  dueInMs(nowMs: number): number {
    const first = [...this.items.values()].reduce((earliest, { dueAtMs }) => Math.min(earliest, dueAtMs), Infinity);
    return Math.max(0, first - nowMs);
  }
}
