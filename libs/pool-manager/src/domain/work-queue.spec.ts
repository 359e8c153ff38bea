import { WorkQueue } from './work-queue';

function queue(): WorkQueue<string> {
  return new WorkQueue({ backOff: { firstMs: 100, maxMs: 400, jitter: 'none' }, random: () => 0 });
}

describe('WorkQueue', () => {
  it('gives each key out once, with what was reported of it last', () => {
    const work = queue();
    work.add('a', 'seen');
    work.add('b', 'seen');
    work.add('a', 'gone');
    expect([...work.take(0)].toSorted()).toEqual([
      ['a', 'gone'],
      ['b', 'seen'],
    ]);
    expect([...work.take(1_000_000)]).toEqual([]);
  });

  it('gives a key out once more that is added while it is processed', () => {
    const work = queue();
    work.add('a', 'first');
    work.take(0);
    work.add('a', 'second');
    work.done('a');
    expect([...work.take(0)]).toEqual([['a', 'second']]);
  });

  it('gives a key that failed out again after a growing back-off, others at once', () => {
    const work = queue();
    const waits: number[] = [];
    for (let nowMs = 0, failures = 0; failures < 5; failures++) {
      work.retry('a', 'seen', nowMs);
      waits.push(work.dueInMs(nowMs));
      work.add('b', 'seen');
      expect([...work.take(nowMs).keys()]).toEqual(['b']);
      nowMs += work.dueInMs(nowMs);
      expect([...work.take(nowMs).keys()]).toEqual(['a']);
    }
    expect(waits).toEqual([100, 200, 400, 400, 400]);
  });

  it('begins with the first back-off again after a key was done', () => {
    const work = queue();
    work.retry('a', 'seen', 0);
    work.retry('b', 'seen', 0);
    work.take(1_000);
    work.done('a');
    work.retry('a', 'seen', 1_000);
    work.retry('b', 'seen', 1_000);
    expect([...work.take(1_100).keys()]).toEqual(['a']);
    expect(work.dueInMs(1_100)).toBe(100);
  });

  it('keeps what was added while a key was processed, and failed', () => {
    const work = queue();
    work.add('a', 'first');
    work.take(0);
    work.add('a', 'second');
    work.retry('a', 'first', 0);
    expect([...work.take(0)]).toEqual([['a', 'second']]);
  });

  it('says how long until a key is due', () => {
    const work = queue();
    expect(work.dueInMs(0)).toBe(Infinity);
    work.retry('a', 'seen', 0);
    expect(work.dueInMs(30)).toBe(70);
    work.add('b', 'seen');
    expect(work.dueInMs(30)).toBe(0);
  });
});
