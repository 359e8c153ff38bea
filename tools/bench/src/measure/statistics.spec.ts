import { bestFifth, latenciesOf, median, pairRatios, summarize } from './statistics';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('summarize', () => {
  it('returns the middle and both ends when the samples are in no order', () => {
    expect(summarize([9, 1, 5, 100, 2])).toEqual({ median: 5, lowest: 1, highest: 100, repeats: 5 });
  });

  it('returns the mean of the two in the middle when their number is even', () => {
    expect(summarize([4, 1, 3, 2]).median).toBe(2.5);
  });

  it('sorts by value and not by text when numbers have several digits', () => {
    expect(summarize([10, 9, 100]).median).toBe(10);
  });

  it('throws when nothing was measured', () => {
    expect(() => summarize([])).toThrow('nothing was measured');
  });

  it('leaves the samples as they are', () => {
    const samples = [3, 1, 2];
    summarize(samples);

    expect(samples).toEqual([3, 1, 2]);
  });
});

describe('median', () => {
  it('is not moved by one outlier', () => {
    expect(median([1, 1, 1, 1, 1e9])).toBe(1);
  });
});

describe('bestFifth', () => {
  it('is the 20th percentile of a cost, and the 80th of a rate', () => {
    expect(bestFifth([5, 1, 4, 2, 3, 6], 'lower')).toBe(2);
    expect(bestFifth([5, 1, 4, 2, 3, 6], 'higher')).toBe(5);
  });
});

describe('latenciesOf', () => {
  it('returns the ranks between the samples when they are one to a thousand and one', () => {
    expect(latenciesOf(upTo(1001))).toEqual({ p50: 501, p99: 991, p999: 1000, max: 1001 });
  });

  it('returns the one sample for everything when there is one', () => {
    expect(latenciesOf([7])).toEqual({ p50: 7, p99: 7, p999: 7, max: 7 });
  });
});

describe('pairRatios', () => {
  it('divides the first by the first and the second by the second', () => {
    expect(pairRatios([10, 30], [20, 10])).toEqual([0.5, 3]);
  });

  it('throws when a measurement has no partner', () => {
    expect(() => pairRatios([1, 2], [1])).toThrow('2 measurements cannot be paired with 1');
  });
});
