import { parseOptions, ROWS } from './bench-options';
import { FULL_PLAN, QUICK_PLAN } from './rows/bench-plan';

describe('parseOptions', () => {
  it('returns all rows at full length when nothing is said', () => {
    expect(parseOptions([])).toEqual({ plan: FULL_PLAN, quick: false, rows: new Set(ROWS), cpuProf: false });
  });

  it('returns the chosen rows when they are named in any case', () => {
    expect(parseOptions(['--rows', 'a, C']).rows).toEqual(new Set(['A', 'C']));
  });

  it('returns the short plan when it is to be quick', () => {
    expect(parseOptions(['--quick']).plan).toBe(QUICK_PLAN);
  });

  it('measures the memory after a million cycles when it is asked to', () => {
    expect(parseOptions(['--million', '--quick']).plan).toEqual({ ...QUICK_PLAN, manyCycles: 1_000_000 });
  });

  it('throws when there is no such row', () => {
    expect(() => parseOptions(['--rows', 'A,Z'])).toThrow('there is no row Z');
  });
});

describe('FULL_PLAN', () => {
  it('repeats everything at least five times', () => {
    const { openLoopRounds, rounds, starts } = FULL_PLAN;

    expect(Math.min(openLoopRounds, rounds, starts)).toBeGreaterThanOrEqual(5);
  });
});
