import { DEFAULT_TIMINGS, type StoreTimings } from '@smart-router/routing-store';
import { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import type { SeededRandom } from '@smart-router/testbed';
import type { VirtualTime } from './virtual-time';

/** What was done to the data, so that it can be done again up to an earlier point. */
interface Change {
  readonly atMs: number;
  readonly replicationId: string;
  readonly apply: (store: MemoryRoutingStore) => unknown;
  /** The pods that were chosen. */
  readonly choices: string[];
}

/** The store's own clock is another one than that of the processes. */
const STORE_EPOCH_MS = 1_700_000_000_000;

/** The timings of the product. */
export const TIMINGS: StoreTimings = DEFAULT_TIMINGS;

/**
 * The memory store as the data of a server that can lose a suffix of its history, as a failover does, or all of it.
 */
export class SimulatedStore {
  private history: Change[] = [];
  private data: MemoryRoutingStore;
  private replications = 1;
  private current: { readonly change: Change; next: number; readonly isRepeated: boolean } | null = null;

  constructor(
    private readonly time: VirtualTime,
    private readonly random: SeededRandom,
  ) {
    this.data = this.empty();
  }

  get nowMs(): number {
    return STORE_EPOCH_MS + this.time.nowMs;
  }

  /** Carries the operation out now. */
  run<Result>(apply: (store: MemoryRoutingStore) => Result): Result {
    const change: Change = { atMs: this.nowMs, replicationId: this.replicationId(), apply, choices: [] };
    this.history.push(change);
    return this.perform(change, false) as Result;
  }

  /** Reads, and leaves no trace. */
  read<Result>(look: (store: MemoryRoutingStore) => Result): Result {
    return look(this.data);
  }

  /** Another server takes over, which has the data as they were then. */
  failOver(toMs: number): void {
    this.replications += 1;
    const kept = this.history.filter(({ atMs }) => atMs <= STORE_EPOCH_MS + toMs);
    this.history = [];
    this.data = this.empty();
    for (const change of kept) {
      this.history.push(change);
      void Promise.resolve(this.perform(change, true)).catch(() => undefined);
    }
  }

  /** All data are gone. @param isRestarted another replication id comes with it */
  forget(isRestarted: boolean): void {
    if (isRestarted) this.replications += 1;
    this.history = [];
    this.data = this.empty();
  }

  private perform(change: Change, isRepeated: boolean): unknown {
    this.current = { change, next: 0, isRepeated };
    try {
      // It runs to its end at once: what it returns may be a promise that is settled already.
      return change.apply(this.data);
    } finally {
      this.current = null;
    }
  }

  private empty(): MemoryRoutingStore {
    return new MemoryRoutingStore({
      timings: TIMINGS,
      now: () => this.current?.change.atMs ?? this.nowMs,
      random: () => this.random.next(),
      choosePod: (candidates) => {
        const { current } = this;
        if (current?.isRepeated) return current.change.choices[current.next++] as string;
        const chosen = this.random.pick([...candidates.values()]);
        current?.change.choices.push(chosen);
        return chosen;
      },
      replicationId: () => this.current?.change.replicationId ?? this.replicationId(),
    });
  }

  private replicationId(): string {
    return `replication-${this.replications}`;
  }
}
