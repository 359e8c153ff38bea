import { LeaderAbsence } from './leader-absence';

const LEADER = { identity: 'router-a', epoch: 4, since: 0 };

describe('LeaderAbsence', () => {
  it('reports the absence when no leader was seen for 30 s since the process began to look', () => {
    let nowMs = 5_000;
    const absence = new LeaderAbsence(() => nowMs);
    expect(absence.observe(null)).toBe(false);
    nowMs += 29_999;
    expect(absence.observe(null)).toBe(false);
    nowMs += 1;
    expect(absence.observe(null)).toBe(true);
  });

  it('reports no absence where a leader is there, and after a leader was seen counts anew', () => {
    let nowMs = 0;
    const absence = new LeaderAbsence(() => nowMs);
    nowMs = 40_000;
    expect(absence.observe(LEADER)).toBe(false);
    nowMs = 69_000;
    expect(absence.observe(null)).toBe(false);
    nowMs = 70_000;
    expect(absence.observe(null)).toBe(true);
  });
});
