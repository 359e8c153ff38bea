import { PoolAffinity } from './pool-affinity';

const pod = (podName: string, pool: string) => ({ podName, pool });

describe('PoolAffinity', () => {
  it('returns the pool of a pod when the pod has left', () => {
    const former = new PoolAffinity();
    former.update([pod('a', 'gold'), pod('b', 'basic')]);
    former.update([pod('b', 'basic')]);
    expect(former.poolOf('a')).toBe('gold');
    expect(former.poolOf('b')).toBeUndefined();
  });

  it('returns the latest pool when a pod left several times', () => {
    const former = new PoolAffinity();
    for (const pool of ['gold', 'basic']) {
      former.update([pod('a', pool)]);
      former.update([]);
    }
    expect(former.poolOf('a')).toBe('basic');
  });

  it('forgets the pod that left first when it is full', () => {
    const former = new PoolAffinity(2);
    former.update([pod('a', 'gold'), pod('b', 'gold'), pod('c', 'gold')]);
    former.update([pod('b', 'gold'), pod('c', 'gold')]);
    former.update([]);
    expect(['a', 'b', 'c'].map((name) => former.poolOf(name))).toEqual([undefined, 'gold', 'gold']);
  });

  it('remembers a pod longer when it left again', () => {
    const former = new PoolAffinity(2);
    for (const podName of ['a', 'b', 'a', 'c']) {
      former.update([pod(podName, 'gold')]);
      former.update([]);
    }
    expect(['a', 'b', 'c'].map((name) => former.poolOf(name))).toEqual(['gold', undefined, 'gold']);
  });
});
