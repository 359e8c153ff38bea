import { parseOptions, ROWS } from './bench-options';
import { FULL_PLAN, MILLION_CYCLES, QUICK_PLAN } from './rows/bench-plan';

describe('parseOptions', () => {
  it('returns all rows at full length when nothing is said', () => {
    const rows = new Set(ROWS);
    expect(parseOptions([])).toEqual({ plan: FULL_PLAN, quick: false, rows, cpuProf: false, comparison: null });
  });

  it('returns the chosen rows when they are named in any case', () => {
    expect(parseOptions(['--rows', 'a, C']).rows).toEqual(new Set(['A', 'C']));
  });

  it('returns the short plan when it is to be quick', () => {
    expect(parseOptions(['--quick']).plan).toEqual(QUICK_PLAN);
  });

  it('measures the memory after a million cycles when it is asked to', () => {
    expect(parseOptions(['--million', '--quick']).plan).toEqual({ ...QUICK_PLAN, memoryCycles: MILLION_CYCLES });
  });

  it('compares builds in nine rounds of 3,000 cycles at 64 connections when another one is named', () => {
    const { plan, comparison } = parseOptions(['--against', '/builds/base']);

    expect(plan.loadRounds).toBe(9);
    expect(comparison).toEqual({ against: '/builds/base', control: false, cycles: 3000, connections: 64 });
  });

  it('compares a build with itself when there is only a control', () => {
    const { plan, comparison } = parseOptions(['--control', '--rounds', '5', '--cycles', '100', '--connections', '1']);

    expect(plan.loadRounds).toBe(5);
    expect(comparison).toEqual({ control: true, cycles: 100, connections: 1 });
  });

  it('measures rows beside another build when both are named', () => {
    const { rows, against, comparison } = parseOptions(['--rows', 'N', '--against', '/builds/base']);

    expect({ rows, against, comparison }).toEqual({ rows: new Set(['N']), against: '/builds/base', comparison: null });
  });

  it.each(['0', '1.5', 'many'])('throws when there are to be %s rounds', (rounds) => {
    expect(() => parseOptions(['--rounds', rounds])).toThrow('--rounds must be a number of at least 1');
  });

  it('throws when there is no such row', () => {
    expect(() => parseOptions(['--rows', 'A,Z'])).toThrow('there is no row Z');
  });
});

describe('FULL_PLAN', () => {
  it('repeats everything at least five times, and what decides most nine times', () => {
    const { loadRounds, openLoopRounds, rounds, starts } = FULL_PLAN;

    expect(loadRounds).toBe(9);
    expect(Math.min(openLoopRounds, rounds, starts)).toBeGreaterThanOrEqual(5);
  });
});
