/**
 * A map of bounded size that forgets what was not used lately. It keeps at least the `kept` entries that were used
 * last, and at most twice as many. Every operation takes constant time.
 *
 * Entries live in two generations. What is used moves to the newer one; when that is full, it becomes the older one,
 * and what still was in the older one is forgotten. So a read of what is used all the time changes nothing, whereas
 * one list by recency would be written at every read.
 */
export class RecencyMap<Key, Value> {
  private newer = new Map<Key, Value>();
  private older = new Map<Key, Value>();

  constructor(private readonly kept: number) {}

  get(key: Key): Value | undefined {
    const value = this.newer.get(key);
    if (value !== undefined) return value;
    const aged = this.older.get(key);
    if (aged !== undefined) this.set(key, aged);
    return aged;
  }

  set(key: Key, value: Value): void {
    if (this.newer.size >= this.kept && !this.newer.has(key)) {
      this.older = this.newer;
      this.newer = new Map();
    }
    this.newer.set(key, value);
  }

  delete(key: Key): void {
    this.newer.delete(key);
    this.older.delete(key);
  }

  clear(): void {
    this.newer.clear();
    this.older.clear();
  }
}
