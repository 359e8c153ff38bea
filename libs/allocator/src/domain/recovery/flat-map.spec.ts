import fc from 'fast-check';
import { FlatMap } from './flat-map';

interface Note {
  readonly key: string;
  readonly text: string;
}

const BOUNDS = { maxEntries: 8, slotBytes: 64, maxLongChars: 1_500 };

const mapOf = (bounds = BOUNDS, onDropped?: (atMs: number) => void) =>
  new FlatMap<Note>(({ key }) => key, bounds, onDropped);

describe('FlatMap', () => {
  it('keeps the order in which entries were set last', () => {
    const map = mapOf();
    for (const key of ['a', 'b', 'c', 'a']) map.set({ key, text: '' }, 0);
    expect(map.values(0).map(({ key }) => key)).toEqual(['b', 'c', 'a']);
  });

  it('returns the value that was set last, and nothing once it is deleted', () => {
    const map = mapOf();
    map.set({ key: 'a', text: 'first' }, 0);
    map.set({ key: 'a', text: 'second' }, 0);
    expect([map.get('a'), map.size]).toEqual([{ key: 'a', text: 'second' }, 1]);
    map.delete('a');
    map.delete('a');
    expect([map.get('a'), map.size]).toEqual([undefined, 0]);
  });

  it('drops the oldest where there are too many, and says when', () => {
    const dropped: number[] = [];
    const map = mapOf(BOUNDS, (atMs) => dropped.push(atMs));
    for (let index = 0; index < 10; index++) map.set({ key: String(index), text: '' }, 100 + index);
    expect(map.values(0).map(({ key }) => key)).toEqual(['2', '3', '4', '5', '6', '7', '8', '9']);
    expect(dropped).toEqual([108, 109]);
  });

  it('drops the oldest where long ones take too much, and takes none that is longer than all may be', () => {
    let dropped = 0;
    const map = mapOf(BOUNDS, () => (dropped += 1));
    for (const key of ['a', 'b', 'c']) map.set({ key, text: 'x'.repeat(600) }, 0);
    expect([map.values(0).map(({ key }) => key), dropped]).toEqual([['b', 'c'], 1]);
    map.set({ key: 'd', text: 'x'.repeat(1_500) }, 0);
    expect([map.values(0).map(({ key }) => key), dropped]).toEqual([['b', 'c'], 2]);
  });

  it('keeps nothing, and drops nothing, where it is to keep nothing', () => {
    let dropped = 0;
    const map = mapOf({ ...BOUNDS, maxEntries: 0 }, () => (dropped += 1));
    map.set({ key: 'a', text: '' }, 0);
    expect([map.get('a'), map.values(0), dropped]).toEqual([undefined, [], 0]);
  });

  it('does what a Map does, whatever is done to it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => new Comparison().run(steps)),
      { numRuns: 500 },
    );
  });
});

/** Few keys, so that they meet again: short, long, beyond ASCII, and halves of pairs. */
const key = fc.oneof(
  fc.constantFrom(
    '',
    'CA1',
    'CA2',
    'CA3',
    'CA4',
    'anruf-ü',
    'звонок',
    '通话',
    '📞',
    '\ud800',
    '"\\\n',
    'k'.repeat(300),
  ),
  fc.nat(20).map((number) => `call-${number}`),
  fc.string({ unit: 'binary', maxLength: 3 }),
);
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.nat(900).map((length) => 'ä'.repeat(length)),
);

type Step =
  | { readonly kind: 'set'; readonly note: Note; readonly afterMs: number }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'deleteBefore'; readonly agoMs: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('set' as const), note: fc.record({ key, text }), afterMs: fc.nat(3) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('deleteBefore' as const), agoMs: fc.nat(20) }) },
);

/** The map beside a plain one, which is compared after each step. */
class Comparison {
  private dropped = 0;
  private expectedDropped = 0;
  private nowMs = 0;
  private readonly map = mapOf(BOUNDS, () => (this.dropped += 1));
  private readonly plain = new Map<string, { readonly note: Note; readonly atMs: number }>();

  run(steps: readonly Step[]): void {
    for (const each of steps) {
      if (each.kind === 'set') this.set(each.note, each.afterMs);
      else if (each.kind === 'delete') this.delete(each.key);
      else this.deleteBefore(this.nowMs - each.agoMs);
      this.compare();
    }
  }

  private set(note: Note, afterMs: number): void {
    this.nowMs += afterMs;
    this.map.set(note, this.nowMs);
    this.plain.delete(note.key);
    if (longChars(note) > BOUNDS.maxLongChars) {
      this.expectedDropped += 1;
      return;
    }
    this.plain.set(note.key, { note, atMs: this.nowMs });
    for (const [oldest] of this.plain) {
      if (this.plain.size <= BOUNDS.maxEntries && this.plainLongChars() <= BOUNDS.maxLongChars) break;
      this.plain.delete(oldest);
      this.expectedDropped += 1;
    }
  }

  private delete(name: string): void {
    this.map.delete(name);
    this.plain.delete(name);
  }

  private deleteBefore(ms: number): void {
    this.map.deleteBefore(ms);
    for (const [name, { atMs }] of this.plain) if (atMs < ms) this.plain.delete(name);
  }

  private plainLongChars(): number {
    return [...this.plain.values()].reduce((sum, { note }) => sum + longChars(note), 0);
  }

  private compare(): void {
    const entries = [...this.plain.values()];
    expect(this.map.values(-Infinity)).toEqual(entries.map(({ note }) => note));
    const sinceMs = this.nowMs - 2;
    expect(this.map.values(sinceMs)).toEqual(entries.filter(({ atMs }) => atMs >= sinceMs).map(({ note }) => note));
    for (const [name, { note }] of this.plain) expect(this.map.get(name)).toEqual(note);
    expect([this.map.size, this.dropped]).toEqual([this.plain.size, this.expectedDropped]);
  }
}

function longChars(note: Note): number {
  const json = JSON.stringify(note);
  return Buffer.byteLength(json) > BOUNDS.slotBytes ? json.length : 0;
}
