import { cpuSecondsOf, residentMegabytesOf } from './process-usage';

const STAT = '77 (node (main) x) S 1 77 77 0 -1 4194560 9000 0 5 0 250 50 7 3 20 0 11 0 8812 1631484000 33000 0';

describe('cpuSecondsOf', () => {
  it('returns user and system time of the process itself, without that of its children', () => {
    expect(cpuSecondsOf(STAT)).toBe(3);
  });
});

describe('residentMegabytesOf', () => {
  it('returns what is in memory now', () => {
    expect(residentMegabytesOf('VmPeak:\t 999999 kB\nVmHWM:\t  20480 kB\nVmRSS:\t  10240 kB\nThreads:\t11\n')).toBe(10);
  });

  it('throws when the process has ended', () => {
    expect(() => residentMegabytesOf('Name:\tnode\nState:\tZ (zombie)\n')).toThrow('it has ended');
  });
});
