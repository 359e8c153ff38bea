/**
 * A map of bounded size: where it is full, the entry that was not used for the longest time makes room.
 * Every operation takes constant time.
 */
export class RecencyMap<Key, Value> {
  /** Oldest use first: a `Map` keeps the order of insertion. */
  private readonly entries = new Map<Key, Value>();

  constructor(private readonly maxEntries: number) {}

  get size(): number {
    return this.entries.size;
  }

  get(key: Key): Value | undefined {
    const value = this.entries.get(key);
    if (value !== undefined) this.touch(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    this.touch(key, value);
    if (this.entries.size <= this.maxEntries) return;
    for (const oldest of this.entries.keys()) {
      this.entries.delete(oldest);
      return;
    }
  }

  delete(key: Key): void {
    this.entries.delete(key);
  }

  clear(): void {
    this.entries.clear();
  }

  private touch(key: Key, value: Value): void {
    this.entries.delete(key);
    this.entries.set(key, value);
  }
}
