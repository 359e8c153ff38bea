import { SeededRandom } from './seeded-random';

const numbers = (random: SeededRandom, count = 1_000): number[] => Array.from({ length: count }, () => random.next());

describe('SeededRandom', () => {
  it('returns the same numbers again when the seed is the same', () => {
    expect(numbers(new SeededRandom(7))).toEqual(numbers(new SeededRandom(7)));
    expect(numbers(new SeededRandom(7))).not.toEqual(numbers(new SeededRandom(8)));
  });

  it('returns numbers from 0 to below 1, evenly spread', () => {
    const drawn = numbers(new SeededRandom(1), 10_000);

    expect(drawn.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(drawn.reduce((sum, number) => sum + number) / drawn.length).toBeCloseTo(0.5, 1);
  });

  it('gives each lane numbers of its own that do not depend on other lanes', () => {
    const random = new SeededRandom(7);
    const first = numbers(random.fork(0));
    numbers(random.fork(1));

    expect(numbers(random.fork(0))).toEqual(first);
    expect(numbers(random.fork(1))).not.toEqual(first);
  });

  it('picks both ends of a range', () => {
    const random = new SeededRandom(3);

    expect(new Set(Array.from({ length: 200 }, () => random.between(1, 3)))).toEqual(new Set([1, 2, 3]));
  });

  it('throws when there is nothing to pick from', () => {
    expect(() => new SeededRandom(1).pick([])).toThrow('nothing to pick from');
  });
});
