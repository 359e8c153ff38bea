import fc from 'fast-check';
import { settled } from './testing/manual-clock';
import { forEachBounded } from './for-each-bounded';

const never = new AbortController().signal;

describe('forEachBounded', () => {
  it('runs every item once and never more than the limit at a time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3)), fc.integer({ min: 1, max: 8 }), async (ticks, limit) => {
        const done: number[] = [];
        let underWay = 0;
        await forEachBounded(ticks.keys(), limit, never, async (index) => {
          underWay++;
          expect(underWay).toBeLessThanOrEqual(limit);
          for (let tick = 0; tick < (ticks[index] as number); tick++) await Promise.resolve();
          underWay--;
          done.push(index);
        });
        expect(done.sort((a, b) => a - b)).toEqual([...ticks.keys()]);
      }),
    );
  });

  it('starts no further item after a failure, and waits for those under way', async () => {
    const started: number[] = [];
    let endFirst = (): void => undefined;
    const first = new Promise<void>((resolve) => (endFirst = resolve));
    const failure = new Error('second');
    let over = false;
    const all = forEachBounded([1, 2, 3, 4], 2, never, async (item) => {
      started.push(item);
      if (item === 2) throw failure;
      await first;
    }).finally(() => (over = true));
    all.catch(() => undefined);
    await settled();
    expect(over).toBe(false);
    endFirst();
    await expect(all).rejects.toBe(failure);
    expect(started).toEqual([1, 2]);
  });

  it('throws the reason when the signal is aborted on the way', async () => {
    const stopping = new AbortController();
    const reason = new Error('stop');
    const started: number[] = [];
    const all = forEachBounded([1, 2, 3], 1, stopping.signal, async (item) => {
      started.push(item);
      stopping.abort(reason);
    });
    await expect(all).rejects.toBe(reason);
    expect(started).toEqual([1]);
  });

  it('returns when there is nothing to do, even though it was aborted', async () => {
    await expect(forEachBounded([], 3, AbortSignal.abort(), async () => undefined)).resolves.toBeUndefined();
  });
});
