import fc from 'fast-check';
import { RecencyMap } from './recency-map';

function filled(kept: number, ...keys: readonly string[]): RecencyMap<string, string> {
  const map = new RecencyMap<string, string>(kept);
  for (const key of keys) map.set(key, key);
  return map;
}

describe('RecencyMap', () => {
  it('forgets the oldest entry when twice as many have come as it has to keep', () => {
    const map = filled(2, 'a', 'b', 'c', 'd', 'e');

    expect(map.get('a')).toBeUndefined();
  });

  it('keeps an entry that was read rather than one that was not', () => {
    const map = filled(2, 'a', 'b', 'c');
    map.get('a');
    map.set('d', 'd');
    map.set('e', 'e');

    expect([map.get('b'), map.get('a')]).toEqual([undefined, 'a']);
  });

  it('forgets nothing when an entry is written again', () => {
    const map = filled(2, 'a', 'b', 'b', 'b', 'b', 'b');
    map.set('b', 'new');

    expect([map.get('a'), map.get('b')]).toEqual(['a', 'new']);
  });

  it('returns the newest value of an entry that was written again much later', () => {
    const map = filled(2, 'a', 'b', 'c');
    map.set('a', 'new');

    expect(map.get('a')).toBe('new');
  });

  it.each([['a'], ['c']])('returns nothing for an entry that was deleted, whatever its age: %s', (key) => {
    const map = filled(2, 'a', 'b', 'c');
    map.delete(key);

    expect(map.get(key)).toBeUndefined();
  });

  it('returns nothing for any entry once it was cleared', () => {
    const map = filled(2, 'a', 'b', 'c');
    map.clear();

    expect(['a', 'b', 'c'].map((key) => map.get(key))).toEqual([undefined, undefined, undefined]);
  });

  it('keeps null as a value', () => {
    const map = new RecencyMap<string, null>(1);
    map.set('a', null);

    expect(map.get('a')).toBeNull();
  });

  it('keeps the entries that were used last, and no more than twice as many', () => {
    const keys = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), keys, (kept, used) => {
        // A map of its own for each question, since to ask is to use.
        const holds = (key: number): boolean => afterUse(kept, used).get(key) !== undefined;
        const lastUsed = [...new Set(used.toReversed())];

        expect(lastUsed.slice(0, kept).filter((key) => !holds(key))).toEqual([]);
        expect(lastUsed.filter(holds).length).toBeLessThanOrEqual(2 * kept);
      }),
    );
  });
});

function afterUse(kept: number, used: readonly number[]): RecencyMap<number, number> {
  const map = new RecencyMap<number, number>(kept);
  for (const key of used) if (map.get(key) === undefined) map.set(key, key);
  return map;
}
