import type { ViolationKind } from '@smart-router/history-checker';
import { parseOptions } from './options';
import { formatReport, hasPassed, type SoakResult, verdictsOf } from './report';

const GOOD: SoakResult = {
  options: parseOptions(['--seed', '7'], 0),
  seconds: 10,
  figures: { operations: 1_000, freshGrants: 1, unknownAllocations: 0, results: { released: 3, allocated: 5 } },
  faults: { 'API killed': 2 },
  verdict: { calls: 300, operations: 1_000, holds: 200, counts: {}, violations: [] },
  auditVerdict: { records: 1_100, calls: 300 },
  surpriseCount: 0,
  surprises: [],
  history: 'reports/soak-7.jsonl',
  peakMemoryMb: 100,
};

/** All kinds that there are; the type misses none. */
const KINDS: { readonly [Kind in ViolationKind]: Kind } = {
  'double-grant': 'double-grant',
  'call-on-two-pods': 'call-on-two-pods',
  'lost-call': 'lost-call',
  'stale-answer': 'stale-answer',
  'unknown-pod': 'unknown-pod',
  leak: 'leak',
  'wrong-grant-count': 'wrong-grant-count',
  'not-allowed': 'not-allowed',
  'out-of-order': 'out-of-order',
  'audit-mismatch': 'audit-mismatch',
  'audit-gap': 'audit-gap',
};

describe('the report', () => {
  it('passes and shows seed, speed and faults when nothing was violated', () => {
    const report = formatReport(GOOD);

    expect(hasPassed(GOOD)).toBe(true);
    expect(report).toMatch(/^seed +7$/m);
    expect(report).toMatch(/1000 \(100 a second\) on 300 calls/);
    expect(report).toMatch(/API killed 2/);
    expect(report).toMatch(/^PASSED$/m);
  });

  it('fails and shows what it was when something was violated', () => {
    const violation = { kind: 'double-grant', message: 'a had 1, 2', operations: [] } as const;
    const bad = { ...GOOD, verdict: { ...GOOD.verdict, counts: { 'double-grant': 1 }, violations: [violation] } };
    const report = formatReport(bad);

    expect(hasPassed(bad)).toBe(false);
    expect(report).toMatch(/^BROKEN no pod had more calls than it may have: 1 times$/m);
    expect(report).toMatch(/double-grant: a had 1, 2/);
    expect(report).toMatch(/^FAILED$/m);
  });

  it.each(Object.values(KINDS))('has a promise that %s breaks', (kind) => {
    const bad = { ...GOOD, verdict: { ...GOOD.verdict, counts: { [kind]: 3 } } };

    expect(verdictsOf(bad).filter(({ violations }) => violations === 3)).toHaveLength(1);
    expect(hasPassed(bad)).toBe(false);
  });

  it('fails when the API gave an answer that it must not give', () => {
    expect(hasPassed({ ...GOOD, surpriseCount: 1, surprises: ['allocate x: 500'] })).toBe(false);
  });
});
