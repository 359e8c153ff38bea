import * as fc from 'fast-check';
import type { CallOperation } from '../call-operation';
import { isRecorded } from '../testing/brute-force-audit';
import { AUDIT_BUGS } from '../testing/audited-store';
import { ended, existing, granted, noCapacity, released, unanswered } from '../testing/operations';
import { seededRandom, simulateRun, type SimulatedRun } from '../testing/simulated-run';
import { allocate, DAY, endCall, NO_LIMIT, release, type Recorded, recorded } from '../testing/recorded';
import { BUGS } from '../testing/simulated-store';
import type { Violation, ViolationKind } from '../violation';
import { AuditChecker } from './audit-checker';
import type { AuditRecord } from './audit-record';

function byCall(operations: readonly CallOperation[]): CallOperation[][] {
  const calls = new Map<string, CallOperation[]>();
  for (const operation of operations) {
    calls.set(operation.callSid, [...(calls.get(operation.callSid) ?? []), operation]);
  }
  return [...calls.values()];
}

function check({ operations, records }: Pick<SimulatedRun, 'operations' | 'records'>): Violation[] {
  const violations: Violation[] = [];
  const judging = new AuditChecker((violation) => violations.push(violation), 0);
  for (const record of records) judging.addRecord(record);
  for (const call of byCall(operations)) judging.addCall(call, 0);
  judging.finish();
  return violations;
}

const kindsOf = (violations: readonly Violation[]): ViolationKind[] => [...new Set(violations.map(({ kind }) => kind))];

describe('the audit of a call', () => {
  const GRANT = allocate('1', 'allocated', 'a', 'gold', '1', '');
  const AGAIN = allocate('1', 'existing', 'a', 'gold', '1', '');
  const RELEASE = release('1', 'released', 'a', 'gold', 0);
  const kinds = (operations: readonly CallOperation[], ...records: readonly Recorded[]): ViolationKind[] =>
    kindsOf(check({ operations, records: recorded(...records) }));

  it('fits when it holds each answer, and what got none', () => {
    const operations = [unanswered('allocate', '1', 0), existing('1', 'a', [5, 10]), released('1', 'a', [20, 30])];

    expect(kinds(operations, GRANT, AGAIN, RELEASE)).toEqual([]);
  });

  it('fits when a request asked twice, as its merchant had changed', () => {
    const changed = allocate('1', 'merchant-config-changed', '{}');

    expect(kinds([granted('1', 'a', [0, 10]), released('1', 'a', [20, 30])], changed, GRANT, RELEASE)).toEqual([]);
  });

  it('fits when the product repeats an end that it could not acknowledge', () => {
    const end = endCall('1', 'api', '', 'unknown-call');

    expect(kinds([unanswered('end-call', '1', 0), ended('1', [5, 10])], end, end, end)).toEqual([]);
    expect(kinds([ended('1', [5, 10])], end, end)).toEqual(['audit-mismatch']);
  });

  it.each<[ViolationKind, string, CallOperation[], Recorded[]]>([
    ['audit-mismatch', 'an answer is not recorded', [granted('1', 'a', [0, 10]), released('1', 'a', [20, 30])], []],
    [
      'audit-mismatch',
      'another pod is recorded',
      [granted('1', 'b', [0, 10]), released('1', 'a', [20, 30])],
      [GRANT, RELEASE],
    ],
    ['audit-mismatch', 'more is recorded than was asked', [released('1', 'a', [20, 30])], [GRANT, RELEASE]],
    ['audit-mismatch', 'nothing was asked', [], [GRANT, RELEASE]],
    [
      'out-of-order',
      'a call gets its pod anew before it has it',
      [granted('1', 'a', [15, 18]), existing('1', 'a', [0, 10]), released('1', 'a', [20, 30])],
      [GRANT, AGAIN, RELEASE],
    ],
    ['leak', 'a call was not released', [granted('1', 'a', [0, 10])], [GRANT]],
  ])('is found to be %s when %s', (kind, _, operations, records) => {
    expect(kinds(operations, ...records)).toEqual([kind]);
  });

  it('is compared with what happened to other calls at other times', () => {
    const operations = [granted('1', 'a', [50, 60]), released('1', 'a', [70, 80]), noCapacity('2', [0, 10])];
    const full = ['allocate', ['2', '', '', '', DAY, DAY, NO_LIMIT, '', '', 'gold'], ['no-capacity', '']] as const;

    expect(kinds(operations, GRANT, [full[0], [...full[1]], [...full[2]]], RELEASE)).toEqual(['out-of-order']);
  });

  it('has a gap when a number is missing', () => {
    const records = recorded(GRANT, RELEASE).filter(({ sequence }) => sequence !== 2);

    expect(kindsOf(check({ operations: [], records }))).toContain('audit-gap');
  });
});

describe('the audit of a run', () => {
  const RUNS = 10;
  const CALLS = 200;

  it('is found right when the store is', () => {
    for (let seed = 0; seed < RUNS; seed++) {
      const run = simulateRun(seededRandom(seed), CALLS);
      expect({ seed, violations: check(run) }).toEqual({ seed, violations: [] });
    }
  });

  it.each([...BUGS, ...AUDIT_BUGS])('is found wrong when the store %s', (bug) => {
    const missed = Array.from({ length: RUNS }, (_, seed) => seed).filter(
      (seed) => check(simulateRun(seededRandom(seed), CALLS, bug)).length === 0,
    );

    expect(missed).toEqual([]);
  });

  it('gets the same verdict when it is checked while it continues', () => {
    const { operations, records } = simulateRun(seededRandom(7), CALLS, 'releases another call');
    const violations: Violation[] = [];
    const judging = new AuditChecker((violation) => violations.push(violation), 500);
    const calls = byCall(operations).sort((a, b) => endOf(a) - endOf(b));
    const unmatched = [...records];
    for (const [index, call] of calls.entries()) {
      const nowNs = endOf(call);
      judging.addCall(call, nowNs);
      while (unmatched[0] && unmatched[0].timeMs <= nowNs) judging.addRecord(unmatched.shift() as AuditRecord);
      judging.advance(
        nowNs,
        Math.min(
          ...calls
            .slice(index + 1)
            .flat()
            .map(({ invokeNs }) => invokeNs),
        ),
      );
    }
    for (const record of unmatched) judging.addRecord(record);

    expect(judging.finish()).toEqual({ records: records.length, calls: CALLS });
    expect(kindsOf(violations).sort()).toEqual(kindsOf(check({ operations, records })).sort());
  });
});

function endOf(operations: readonly CallOperation[]): number {
  return Math.max(...operations.map(({ invokeNs, returnNs }) => returnNs ?? invokeNs));
}

describe('the verdict compared with every possible assignment', () => {
  /** Small runs of a right store, with answers, times or records then changed by chance. */
  const tampered = fc
    .record({ seed: fc.integer({ min: 0 }), calls: fc.constantFrom(1, 2), changes: fc.integer({ min: 0, max: 2 }) })
    .map(({ seed, calls, changes }) => {
      const random = seededRandom(seed);
      const { operations, records } = simulateRun(random, calls);
      let run = { operations: [...operations], records: [...records] };
      for (let change = 0; change < changes; change++) run = tamper(run, random);
      return run;
    })
    .filter(({ operations }) => operations.length <= 7);

  const WRONG: readonly ViolationKind[] = ['audit-mismatch', 'out-of-order'];
  const isFound = (run: { operations: CallOperation[]; records: AuditRecord[] }): boolean =>
    check(run).some(({ kind }) => WRONG.includes(kind));

  it('never finds a mistake where there is an assignment', () => {
    fc.assert(
      fc.property(tampered, (run) => expect(isFound(run) && isRecorded(run.operations, run.records)).toBe(false)),
      { numRuns: 1_000 },
    );
  });

  it('finds every mistake in the audit of one call', () => {
    const ofOneCall = tampered.filter(({ operations }) => byCall(operations).length === 1);
    fc.assert(
      fc.property(ofOneCall, (run) => expect(isFound(run)).toBe(!isRecorded(run.operations, run.records))),
      { numRuns: 1_000 },
    );
  });
});

/** The operation with another answer; what was not answered has no end. */
function answered(operation: CallOperation, result: CallOperation['result']): CallOperation {
  const returnNs = result.kind === 'unknown' ? null : (operation.returnNs ?? operation.invokeNs + 50);
  return { ...operation, result, returnNs };
}

function tamper(
  { operations, records }: { operations: CallOperation[]; records: AuditRecord[] },
  random: () => number,
): { operations: CallOperation[]; records: AuditRecord[] } {
  const pick = (length: number): number => Math.floor(random() * length);
  const [first, second] = [pick(operations.length), pick(operations.length)];
  const [one, other] = [operations[first], operations[second]];
  if (!one || !other) return { operations, records };
  switch (pick(3)) {
    case 0:
      return { operations: operations.map((each) => (each === one ? answered(one, other.result) : each)), records };
    case 1: {
      const moved = { ...one, invokeNs: other.invokeNs + 50, returnNs: one.returnNs && other.invokeNs + 60 };
      return { operations: operations.map((each) => (each === one ? moved : each)), records };
    }
    default:
      return { operations, records: records.filter((_, index) => index !== pick(records.length)) };
  }
}
