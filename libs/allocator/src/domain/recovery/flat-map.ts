interface FlatMapBounds {
  readonly maxEntries: number;
  /** An entry takes so many bytes, besides some 30 for its links. Its JSON should fit, or it is kept apart as a string. */
  readonly slotBytes: number;
  /** No more characters are kept apart. */
  readonly maxLongChars: number;
}

/** Slots are numbered from one, so that fresh arrays, which are all zeros, hold no links. */
const NONE = 0;

/**
 * A map in the order in which its entries were set, as `Map` is, whose entries know their time. Where a bound is met, the
 * oldest entries go. Every operation but `values` takes constant time.
 *
 * It lies in a few flat arrays beside V8's heap: entries that live for half a minute and are replaced all the time are
 * what a generational garbage collector is worst at. Memory that no entry has used yet is none of the process's.
 */
export class FlatMap<Value> {
  /** Entries that there are. */
  size = 0;
  private readonly texts: Buffer;
  /** In bytes; 0 where the text is kept apart. */
  private readonly lengths: Uint16Array;
  private readonly times: Float64Array;
  private readonly hashes: Uint32Array;
  /** The neighbours of an entry in age. A free slot names the next one that is free as `newer`. */
  private readonly older: Uint32Array;
  private readonly newer: Uint32Array;
  /** The first entry of each hash, and the next one after each. */
  private readonly first: Uint32Array;
  private readonly next: Uint32Array;
  private readonly longTexts = new Map<number, string>();
  private longChars = 0;
  private oldest = NONE;
  private newest = NONE;
  private free = NONE;
  /** Slots up to this one were used. */
  private used = 0;

  /**
   * @param keyOf the key of a value, which is JSON: no two entries have the same
   * @param onDropped called for each entry that goes because of a bound, with the time of the one that displaces it
   */
  constructor(
    private readonly keyOf: (value: Value) => string,
    private readonly bounds: FlatMapBounds,
    private readonly onDropped: (atMs: number) => void = () => undefined,
  ) {
    const slots = bounds.maxEntries + 1;
    this.texts = Buffer.allocUnsafeSlow(slots * bounds.slotBytes);
    this.lengths = new Uint16Array(slots);
    this.times = new Float64Array(slots);
    this.hashes = new Uint32Array(slots);
    this.older = new Uint32Array(slots);
    this.newer = new Uint32Array(slots);
    this.next = new Uint32Array(slots);
    this.first = new Uint32Array(2 ** Math.ceil(Math.log2(slots)));
  }

  get(key: string): Value | undefined {
    return this.find(key, hashOf(key))?.value;
  }

  /** The entry becomes the newest, in place of the one of the same key. @param atMs of a clock that never goes back */
  set(value: Value, atMs: number): void {
    const key = this.keyOf(value);
    const hash = hashOf(key);
    const known = this.find(key, hash);
    if (known) this.remove(known.slot);
    const text = JSON.stringify(value);
    const bytes = Buffer.byteLength(text);
    const { maxEntries, maxLongChars, slotBytes } = this.bounds;
    const longChars = bytes > slotBytes ? text.length : 0;
    if (maxEntries === 0) return;
    if (longChars > maxLongChars) return this.onDropped(atMs);
    while (this.size === maxEntries || this.longChars + longChars > maxLongChars) {
      this.remove(this.oldest);
      this.onDropped(atMs);
    }
    const slot = this.takeSlot();
    this.times[slot] = atMs;
    this.lengths[slot] = longChars > 0 ? 0 : this.texts.write(text, slot * slotBytes, bytes);
    if (longChars > 0) this.longTexts.set(slot, text);
    this.longChars += longChars;
    this.link(slot, hash);
  }

  /** @returns whether there was such an entry, and it was meant */
  delete(key: string, isMeant: (value: Value) => boolean = () => true): boolean {
    const known = this.find(key, hashOf(key));
    if (!known || !isMeant(known.value)) return false;
    this.remove(known.slot);
    return true;
  }

  /** Deletes the oldest entries, up to the first one that is not older than this. */
  deleteBefore(ms: number): void {
    while (this.oldest !== NONE && (this.times[this.oldest] as number) < ms) this.remove(this.oldest);
  }

  /** Those not older than this, the oldest first. */
  values(sinceMs: number): Value[] {
    const found: Value[] = [];
    for (let slot = this.oldest; slot !== NONE; slot = this.newer[slot] as number) {
      if ((this.times[slot] as number) >= sinceMs) found.push(this.valueOf(slot));
    }
    return found;
  }

  private find(key: string, hash: number): { readonly slot: number; readonly value: Value } | null {
    let slot = this.first[hash % this.first.length] as number;
    for (; slot !== NONE; slot = this.next[slot] as number) {
      if (this.hashes[slot] !== hash) continue;
      const value = this.valueOf(slot);
      if (this.keyOf(value) === key) return { slot, value };
    }
    return null;
  }

  private valueOf(slot: number): Value {
    const start = slot * this.bounds.slotBytes;
    const length = this.lengths[slot] as number;
    const text = length > 0 ? this.texts.toString('utf8', start, start + length) : this.longTexts.get(slot);
    return JSON.parse(text as string) as Value;
  }

  private takeSlot(): number {
    if (this.free === NONE) return ++this.used;
    const slot = this.free;
    this.free = this.newer[slot] as number;
    return slot;
  }

  private link(slot: number, hash: number): void {
    const bucket = hash % this.first.length;
    this.hashes[slot] = hash;
    this.next[slot] = this.first[bucket] as number;
    this.first[bucket] = slot;
    this.older[slot] = this.newest;
    this.newer[slot] = NONE;
    if (this.newest === NONE) this.oldest = slot;
    else this.newer[this.newest] = slot;
    this.newest = slot;
    this.size += 1;
  }

  private remove(slot: number): void {
    this.unlinkHash(slot);
    const older = this.older[slot] as number;
    const newer = this.newer[slot] as number;
    if (older === NONE) this.oldest = newer;
    else this.newer[older] = newer;
    if (newer === NONE) this.newest = older;
    else this.older[newer] = older;
    this.longChars -= this.longTexts.get(slot)?.length ?? 0;
    this.longTexts.delete(slot);
    this.newer[slot] = this.free;
    this.free = slot;
    this.size -= 1;
  }

  private unlinkHash(slot: number): void {
    const bucket = (this.hashes[slot] as number) % this.first.length;
    if (this.first[bucket] === slot) {
      this.first[bucket] = this.next[slot] as number;
      return;
    }
    let before = this.first[bucket] as number;
    while (this.next[before] !== slot) before = this.next[before] as number;
    this.next[before] = this.next[slot] as number;
  }
}

/** Of the process, so that nobody can choose keys that fall on one hash. */
const SEED = (Math.random() * 2 ** 32) >>> 0;

function hashOf(key: string): number {
  let hash = SEED;
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}
