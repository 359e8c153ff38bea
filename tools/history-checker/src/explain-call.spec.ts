import { firstUnexplained, isExplainable } from './explain-call';
import {
  alive,
  ended,
  existing,
  granted,
  noCapacity,
  notFound,
  refusedAsEnded,
  released,
  unanswered,
} from './testing/operations';

describe('isExplainable', () => {
  it.each([
    [
      'a call is granted, found again and released',
      [granted('c', 'a', [0, 10]), existing('c', 'a', [20, 30]), released('c', 'a', [40, 50]), notFound('c', [60, 70])],
    ],
    [
      'a call has a second life on another pod',
      [
        granted('c', 'a', [0, 10]),
        released('c', 'a', [20, 30]),
        granted('c', 'b', [40, 50]),
        alive('c', 'b', [60, 70]),
      ],
    ],
    [
      'of two allocations at once the later one to begin was first',
      [existing('c', 'a', [0, 30]), granted('c', 'a', [10, 20])],
    ],
    ['a release overtakes the allocation', [notFound('c', [5, 8]), granted('c', 'a', [0, 10])]],
    ['an allocation without answer was granted', [unanswered('allocate', 'c', 0), existing('c', 'a', [20, 30])]],
    ['an allocation without answer was not granted', [unanswered('allocate', 'c', 0), granted('c', 'a', [20, 30])]],
    [
      'a release without answer takes effect much later',
      [
        granted('c', 'a', [0, 10]),
        unanswered('release', 'c', 20),
        existing('c', 'a', [30, 40]),
        notFound('c', [50, 60]),
      ],
    ],
    [
      'an ended call is refused',
      [granted('c', 'a', [0, 10]), ended('c', [20, 30]), refusedAsEnded('c', [40, 50]), notFound('c', [60, 70])],
    ],
    ['a call gets no pod and then one', [noCapacity('c', [0, 10]), granted('c', 'a', [20, 30])]],
  ])('returns true when %s', (_, operations) => {
    expect(isExplainable(operations)).toBe(true);
  });

  it.each([
    ['a live call is given a second pod', [granted('c', 'a', [0, 10]), granted('c', 'b', [20, 30])]],
    ['a live call is given its pod anew', [granted('c', 'a', [0, 10]), granted('c', 'a', [20, 30])]],
    ['a live call gets no pod', [granted('c', 'a', [0, 10]), noCapacity('c', [20, 30])]],
    ['a live call is not found', [granted('c', 'a', [0, 10]), notFound('c', [20, 30])]],
    [
      'a call is released twice',
      [granted('c', 'a', [0, 10]), released('c', 'a', [20, 30]), released('c', 'a', [25, 35])],
    ],
    [
      'a released call is found again',
      [granted('c', 'a', [0, 10]), released('c', 'a', [20, 30]), existing('c', 'a', [40, 50])],
    ],
    ['a released call is alive', [granted('c', 'a', [0, 10]), released('c', 'a', [20, 30]), alive('c', 'a', [40, 50])]],
    ['a call is released from a pod that it never had', [granted('c', 'a', [0, 10]), released('c', 'b', [20, 30])]],
    ['a call exists that was never granted', [existing('c', 'a', [0, 10])]],
    ['an ended call is granted', [ended('c', [0, 10]), granted('c', 'a', [20, 30])]],
    ['a call is refused as ended that was not', [granted('c', 'a', [0, 10]), refusedAsEnded('c', [20, 30])]],
    [
      'the two answers of one lost allocation differ',
      [unanswered('allocate', 'c', 0), existing('c', 'a', [20, 30]), existing('c', 'b', [40, 50])],
    ],
  ])('returns false when %s', (_, operations) => {
    expect(isExplainable(operations)).toBe(false);
  });
});

describe('firstUnexplained', () => {
  it('returns the first answer that is wrong when more follow', () => {
    const wrong = granted('c', 'b', [20, 30]);

    expect(firstUnexplained([existing('c', 'b', [40, 50]), wrong, granted('c', 'a', [0, 10])])).toBe(wrong);
  });

  it('returns null when all is explained', () => {
    expect(firstUnexplained([granted('c', 'a', [0, 10])])).toBeNull();
  });
});
