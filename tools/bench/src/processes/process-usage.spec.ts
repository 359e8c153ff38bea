import { cpuSecondsOf, residentMegabytesOf } from './process-usage';

describe('cpuSecondsOf', () => {
  it('adds up what the threads had of a processor, without what they waited for one', () => {
    expect(cpuSecondsOf(['2500000000 9000000000 310\n', '500000000 0 12\n'])).toBe(3);
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
