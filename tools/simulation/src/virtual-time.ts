interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * The time of a simulation, which passes only from one event to the next. Events of one moment run in the order in which
 * they were scheduled, each after all promises that the one before has settled have run. So a run repeats itself exactly.
 */
export class VirtualTime {
  private now = 0;
  private scheduled = 0;
  /** A binary heap, the next event first. */
  private readonly heap: Event[] = [];

  get nowMs(): number {
    return this.now;
  }

  after(ms: number, run: () => void): void {
    const event = { atMs: this.now + Math.max(0, ms), order: this.scheduled++, run };
    this.heap.push(event);
    this.siftUp(this.heap.length - 1);
  }

  /** Runs all events until then. */
  async runUntil(untilMs: number): Promise<void> {
    await promisesSettled();
    for (let [next] = this.heap; next && next.atMs <= untilMs; [next] = this.heap) {
      this.takeFirst();
      this.now = next.atMs;
      next.run();
      await promisesSettled();
    }
    this.now = untilMs;
  }

  private takeFirst(): void {
    const last = this.heap.pop() as Event;
    if (this.heap.length === 0) return;
    this.heap[0] = last;
    this.siftDown(0);
  }

  private siftUp(start: number): void {
    for (let index = start; index > 0;) {
      const parent = (index - 1) >> 1;
      if (!this.swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  private siftDown(start: number): void {
    for (let index = start; ;) {
      const left = 2 * index + 1;
      const child = this.isBefore(left + 1, left) ? left + 1 : left;
      if (!this.swapIfBefore(child, index)) return;
      index = child;
    }
  }

  private swapIfBefore(index: number, other: number): boolean {
    if (!this.isBefore(index, other)) return false;
    const [a, b] = [this.heap[index] as Event, this.heap[other] as Event];
    this.heap[index] = b;
    this.heap[other] = a;
    return true;
  }

  private isBefore(index: number, other: number): boolean {
    const [a, b] = [this.heap[index], this.heap[other]];
    return a !== undefined && b !== undefined && (a.atMs - b.atMs || a.order - b.order) < 0;
  }
}

/** Promises run to the last before the event loop continues. */
function promisesSettled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
