import type { ReassertCallCommand } from '@smart-router/routing-store';
import { GrantJournal } from './grant-journal';

const grant = (callSid: string, number: number): ReassertCallCommand => ({
  callSid,
  grant: { podName: 'pod-0', pool: 'gold', allocatedAt: 1_700_000_000, number },
  merchantId: '',
});

describe('GrantJournal', () => {
  let journal: GrantJournal;
  beforeEach(() => {
    journal = new GrantJournal({ windowMs: 30_000, maxEntries: 100 });
  });

  const grants = (nowMs: number): string[] =>
    journal.recall(nowMs).grants.map(({ callSid, grant: { number } }) => `${callSid}/${number}`);

  it('recalls what was granted and what has ended', () => {
    journal.granted(grant('call-1', 1), 0);
    journal.ended({ kind: 'release', callSid: 'call-2', upToNumber: 2 }, 0);
    journal.ended({ kind: 'end-call', owners: ['api'], callSid: 'call-3', upToNumber: 9 }, 0);
    expect(journal.recall(0)).toEqual({
      grants: [grant('call-1', 1)],
      ends: [
        { kind: 'release', callSid: 'call-2', upToNumber: 2 },
        { kind: 'end-call', owners: ['api'], callSid: 'call-3', upToNumber: 9 },
      ],
    });
  });

  it('forgets a grant when it is released, and no later grant of the same call', () => {
    journal.granted(grant('call-1', 1), 0);
    journal.ended({ kind: 'release', callSid: 'call-1', upToNumber: 1 }, 0);
    journal.granted(grant('call-1', 2), 0);
    journal.ended({ kind: 'release', callSid: 'call-1', upToNumber: 1 }, 0);
    expect(grants(0)).toEqual(['call-1/2']);
  });

  it('forgets whatever a call held when a status callback ends it', () => {
    journal.granted(grant('call-1', 1), 0);
    journal.ended({ kind: 'end-call', owners: ['api'], callSid: 'call-1', upToNumber: 9 }, 0);
    expect(grants(0)).toEqual([]);
  });

  it('forgets what lies longer before the last contact than the window', () => {
    journal.granted(grant('old', 1), 0);
    journal.granted(grant('young', 2), 20_000);
    journal.confirmed(31_000);
    expect(grants(31_000)).toEqual(['young/2']);
  });

  it.each([
    ['a release', () => journal.ended({ kind: 'release', callSid: 'call-2', upToNumber: 2 }, 31_000)],
    ['a grant', () => journal.granted(grant('call-2', 2), 31_000)],
  ])('forgets nothing for %s that is answered before anybody looked for a loss', (_name, answer) => {
    journal.granted(grant('call-1', 1), 0);
    journal.ended({ kind: 'end-call', owners: ['api'], callSid: 'call-0', upToNumber: 9 }, -20_000);
    answer();
    expect(grants(31_000)).toContain('call-1/1');
    expect(journal.recall(31_000).ends).toContainEqual({
      kind: 'end-call',
      owners: ['api'],
      callSid: 'call-0',
      upToNumber: 9,
    });
  });

  it('forgets nothing while the store is away, up to what its marks outlive', () => {
    journal.granted(grant('call-1', 1), 0);
    expect(grants(89_000)).toEqual(['call-1/1']);
    expect(grants(91_000)).toEqual([]);
  });

  it('remembers ends longer than grants', () => {
    journal.ended({ kind: 'release', callSid: 'call-1', upToNumber: 1 }, 0);
    journal.confirmed(44_000);
    expect(journal.recall(44_000).ends).toHaveLength(1);
    journal.confirmed(46_000);
    expect(journal.recall(46_000).ends).toEqual([]);
  });

  it('keeps a grant that was asked for again as long as a new one', () => {
    journal.granted(grant('call-1', 1), 0);
    journal.granted(grant('call-1', 1), 29_000);
    journal.confirmed(31_000);
    expect(grants(31_000)).toEqual(['call-1/1']);
  });

  it('forgets grants up to the number that a release names, and keeps the highest', () => {
    journal.granted(grant('call-1', 5), 0);
    journal.ended({ kind: 'release', callSid: 'call-1', upToNumber: 7 }, 0);
    journal.ended({ kind: 'release', callSid: 'call-1', upToNumber: 6 }, 0);
    expect(grants(0)).toEqual([]);
    expect(journal.recall(0).ends).toEqual([{ kind: 'release', callSid: 'call-1', upToNumber: 7 }]);
  });

  it('keeps a replayed end as long as a new one', () => {
    const end = { kind: 'release', callSid: 'call-1', upToNumber: 7 } as const;
    journal.ended(end, 0);
    journal.replayedEnd(end, 40_000);
    journal.replayedEnd({ ...end, callSid: 'other' }, 40_000);
    journal.confirmed(50_000);
    expect(journal.recall(50_000).ends).toEqual([end]);
  });

  it('lets releases of unknown calls displace no others', () => {
    journal.ended({ kind: 'release', callSid: 'call-0', upToNumber: 1 }, 0);
    for (let number = 1; number <= 250; number++) {
      journal.endedUnknown({ kind: 'release', callSid: `call-${number}`, upToNumber: number }, 0);
    }
    const { ends } = journal.recall(0);
    expect(ends[0]).toEqual({ kind: 'release', callSid: 'call-0', upToNumber: 1 });
    expect(ends.length).toBeLessThanOrEqual(101);
  });

  it('counts a release of an unknown call as that of its own grant', () => {
    journal.granted(grant('call-1', 1), 0);
    journal.endedUnknown({ kind: 'release', callSid: 'call-1', upToNumber: 5 }, 0);
    expect(grants(0)).toEqual([]);
    expect(journal.recall(0).ends).toHaveLength(1);
  });

  it('keeps no more entries than it may, and of the latest seven eighths as many', () => {
    for (let number = 1; number <= 250; number++) {
      journal.granted(grant(`call-${number}`, number), 0);
      const kept = grants(0);
      expect(kept.length).toBeGreaterThanOrEqual(Math.min(number, 88));
      expect(kept.length).toBeLessThanOrEqual(100);
      expect(kept).toEqual(kept.map((_, index) => `call-${number - index}/${number - index}`));
    }
  });
});
