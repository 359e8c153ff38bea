import { checkEnd, checkGrantCount } from './check-end';

const idle = (pod: string) => ({ pod, isAvailable: true, calls: [] });

describe('checkEnd', () => {
  it('returns nothing when every pod is available and idle', () => {
    expect(checkEnd(['a', 'b'], { activeCalls: 0, pods: [idle('a'), idle('b')] })).toEqual([]);
  });

  it.each([
    ['a pod is gone', { activeCalls: 0, pods: [idle('a')] }, 'b is gone'],
    ['a call is counted', { activeCalls: 1, pods: [idle('a'), idle('b')] }, '1 calls are active'],
    [
      'a pod is held',
      { activeCalls: 0, pods: [idle('a'), { pod: 'b', isAvailable: true, calls: ['c'] }] },
      'b still holds c',
    ],
    [
      'a pod is not offered',
      { activeCalls: 0, pods: [idle('a'), { pod: 'b', isAvailable: false, calls: [] }] },
      'b holds no call and is not available',
    ],
  ])('returns a leak when %s', (_, state, message) => {
    const leaks = checkEnd(['a', 'b'], state);

    expect(leaks).toHaveLength(1);
    expect(leaks[0]).toMatchObject({ kind: 'leak', message: expect.stringContaining(message) as string });
  });
});

describe('checkGrantCount', () => {
  it.each([10, 11, 12])('returns null when the store counts %d', (granted) => {
    expect(checkGrantCount({ granted, fresh: 10, unknown: 2 })).toBeNull();
  });

  it.each([9, 13])('returns a violation when the store counts %d', (granted) => {
    expect(checkGrantCount({ granted, fresh: 10, unknown: 2 })?.kind).toBe('wrong-grant-count');
  });
});
