import type { ReassertCallCommand } from '@smart-router/routing-store';
import { GrantMemory } from './grant-memory';

const grant = (callSid: string, number: number): ReassertCallCommand => ({
  callSid,
  grant: { podName: 'pod-0', pool: 'gold', allocatedAt: 1_700_000_000, number },
  merchantId: '',
});

describe('GrantMemory', () => {
  let memory: GrantMemory;
  beforeEach(() => {
    memory = new GrantMemory({ windowMs: 30_000, maxEntries: 100 });
  });

  const grants = (nowMs: number): string[] =>
    memory.recall(nowMs).grants.map(({ callSid, grant: { number } }) => `${callSid}/${number}`);

  it('recalls what was granted and what has ended', () => {
    memory.granted(grant('call-1', 1), 0);
    memory.ended({ kind: 'release', callSid: 'call-2', grantNumber: 2 }, 0);
    memory.ended({ kind: 'end-call', callSid: 'call-3' }, 0);
    expect(memory.recall(0)).toEqual({
      grants: [grant('call-1', 1)],
      ends: [
        { kind: 'release', callSid: 'call-2', grantNumber: 2 },
        { kind: 'end-call', callSid: 'call-3' },
      ],
    });
  });

  it('forgets a grant when it is released, and no later grant of the same call', () => {
    memory.granted(grant('call-1', 1), 0);
    memory.ended({ kind: 'release', callSid: 'call-1', grantNumber: 1 }, 0);
    memory.granted(grant('call-1', 2), 0);
    memory.ended({ kind: 'release', callSid: 'call-1', grantNumber: 1 }, 0);
    expect(grants(0)).toEqual(['call-1/2']);
  });

  it('forgets whatever a call held when a status callback ends it', () => {
    memory.granted(grant('call-1', 1), 0);
    memory.ended({ kind: 'end-call', callSid: 'call-1' }, 0);
    expect(grants(0)).toEqual([]);
  });

  it('forgets what lies longer before the last contact than the window', () => {
    memory.granted(grant('old', 1), 0);
    memory.granted(grant('young', 2), 20_000);
    memory.contact(31_000);
    expect(grants(31_000)).toEqual(['young/2']);
  });

  it.each([
    ['a release', () => memory.ended({ kind: 'release', callSid: 'call-2', grantNumber: 2 }, 31_000)],
    ['a grant', () => memory.granted(grant('call-2', 2), 31_000)],
  ])('forgets nothing for %s that is answered before anybody looked for a loss', (_name, answer) => {
    memory.granted(grant('call-1', 1), 0);
    memory.ended({ kind: 'end-call', callSid: 'call-0' }, -20_000);
    answer();
    expect(grants(31_000)).toContain('call-1/1');
    expect(memory.recall(31_000).ends).toContainEqual({ kind: 'end-call', callSid: 'call-0' });
  });

  it('forgets nothing while the store is away, up to what its marks outlive', () => {
    memory.granted(grant('call-1', 1), 0);
    expect(grants(89_000)).toEqual(['call-1/1']);
    expect(grants(91_000)).toEqual([]);
  });

  it('remembers ends longer than grants', () => {
    memory.ended({ kind: 'release', callSid: 'call-1', grantNumber: 1 }, 0);
    memory.contact(44_000);
    expect(memory.recall(44_000).ends).toHaveLength(1);
    memory.contact(46_000);
    expect(memory.recall(46_000).ends).toEqual([]);
  });

  it('does not make a grant younger by telling it again', () => {
    memory.granted(grant('call-1', 1), 0);
    memory.granted(grant('call-1', 1), 29_000);
    memory.contact(31_000);
    expect(grants(31_000)).toEqual([]);
  });

  it('keeps no more entries than it may, and of the latest seven eighths as many', () => {
    for (let number = 1; number <= 250; number++) {
      memory.granted(grant(`call-${number}`, number), 0);
      const kept = grants(0);
      expect(kept.length).toBeGreaterThanOrEqual(Math.min(number, 88));
      expect(kept.length).toBeLessThanOrEqual(100);
      expect(kept).toEqual(kept.map((_, index) => `call-${number - index}/${number - index}`));
    }
  });
});
