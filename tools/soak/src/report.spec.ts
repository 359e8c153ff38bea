import { parseOptions } from './options';
import { formatReport, hasPassed, type SoakResult } from './report';

const GOOD: SoakResult = {
  options: parseOptions(['--seed', '7'], 0),
  seconds: 10,
  figures: { operations: 1_000, freshGrants: 1, unknownAllocations: 0, results: { released: 3, allocated: 5 } },
  faults: { 'API killed': 2 },
  verdict: { calls: 300, operations: 1_000, holds: 200, counts: {}, violations: [] },
  surpriseCount: 0,
  surprises: [],
  history: 'reports/soak-7.jsonl',
  peakMemoryMb: 100,
};

describe('the report', () => {
  it('passes and tells seed, speed and faults when nothing was violated', () => {
    const report = formatReport(GOOD);

    expect(hasPassed(GOOD)).toBe(true);
    expect(report).toMatch(/^seed +7$/m);
    expect(report).toMatch(/1000 \(100 a second\) on 300 calls/);
    expect(report).toMatch(/API killed 2/);
    expect(report).toMatch(/^PASSED$/m);
  });

  it('fails and tells what it was when something was violated', () => {
    const violation = { kind: 'double-grant', message: 'a had 1, 2', operations: [] } as const;
    const bad = { ...GOOD, verdict: { ...GOOD.verdict, counts: { 'double-grant': 1 }, violations: [violation] } };
    const report = formatReport(bad);

    expect(hasPassed(bad)).toBe(false);
    expect(report).toMatch(/^double grants +1$/m);
    expect(report).toMatch(/double-grant: a had 1, 2/);
    expect(report).toMatch(/^FAILED$/m);
  });

  it('fails when the API gave an answer that it must not give', () => {
    expect(hasPassed({ ...GOOD, surpriseCount: 1, surprises: ['allocate x: 500'] })).toBe(false);
  });
});
