/** A set that gives a random member in constant time. */
export class IndexedSet<Item> {
  private readonly items: Item[] = [];
  private readonly positions = new Map<Item, number>();

  get size(): number {
    return this.items.length;
  }

  has(item: Item): boolean {
    return this.positions.has(item);
  }

  add(item: Item): void {
    if (this.positions.has(item)) return;
    this.positions.set(item, this.items.length);
    this.items.push(item);
  }

  delete(item: Item): void {
    const position = this.positions.get(item);
    if (position === undefined) return;
    const last = this.items.pop() as Item;
    this.positions.delete(item);
    if (last !== item) {
      this.items[position] = last;
      this.positions.set(last, position);
    }
  }

  /** @param random from 0 (inclusive) to 1 (exclusive) */
  pick(random: number): Item | undefined {
    return this.items[Math.floor(random * this.items.length)];
  }

  values(): readonly Item[] {
    return this.items;
  }
}
