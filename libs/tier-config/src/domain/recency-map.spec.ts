import { RecencyMap } from './recency-map';

describe('RecencyMap', () => {
  it('keeps the newest entries when it is full', () => {
    const map = new RecencyMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.set('c', 3);

    expect([map.get('a'), map.get('b'), map.get('c'), map.size]).toEqual([undefined, 2, 3, 2]);
  });

  it('keeps an entry that was read rather than one that was not', () => {
    const map = new RecencyMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.get('a');
    map.set('c', 3);

    expect([map.get('a'), map.get('b')]).toEqual([1, undefined]);
  });

  it('drops nothing when an entry is written again', () => {
    const map = new RecencyMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.set('b', 3);

    expect([map.get('a'), map.get('b')]).toEqual([1, 3]);
  });

  it('keeps null as a value', () => {
    const map = new RecencyMap<string, null>(1);
    map.set('a', null);

    expect(map.get('a')).toBeNull();
  });
});
