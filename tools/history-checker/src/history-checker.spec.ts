import fc from 'fast-check';
import type { CallOperation } from './call-operation';
import { HistoryChecker, type Verdict } from './history-checker';
import { isPossible } from './testing/brute-force-checker';
import { alive, ended, existing, granted, noCapacity, notFound, released, unanswered } from './testing/operations';
import { PODS, seededRandom, simulateRun } from './testing/simulated-run';
import { BUGS } from './testing/simulated-store';

function byCall(operations: readonly CallOperation[]): CallOperation[][] {
  const calls = new Map<string, CallOperation[]>();
  for (const operation of operations) {
    calls.set(operation.callSid, [...(calls.get(operation.callSid) ?? []), operation]);
  }
  return [...calls.values()];
}

function check(operations: readonly CallOperation[], maxCalls: ReadonlyMap<string, number>): Verdict {
  const judging = new HistoryChecker(maxCalls);
  for (const call of byCall(operations)) judging.addCall(call);
  return judging.finish();
}

describe('a pod', () => {
  const kinds = (operations: readonly CallOperation[], max = 1): string[] =>
    check(operations, new Map([['a', max]])).violations.map(({ kind }) => kind);

  it('may have calls one after the other', () => {
    const calls = [granted('1', 'a', [0, 10]), released('1', 'a', [20, 30]), granted('2', 'a', [15, 25])];

    expect(kinds(calls)).toEqual([]);
  });

  it('must not have two calls at once', () => {
    const calls = [granted('1', 'a', [0, 10]), released('1', 'a', [30, 40]), granted('2', 'a', [15, 25])];

    expect(kinds(calls)).toEqual(['double-grant']);
  });

  it('must not have a second call when the first was never released', () => {
    expect(kinds([granted('1', 'a', [0, 10]), granted('2', 'a', [1_000, 1_001])])).toEqual(['double-grant']);
  });

  it('must not have a call that came and went while another was certainly there', () => {
    const calls = [
      ...[granted('1', 'a', [0, 10]), released('1', 'a', [100, 110])],
      ...[granted('2', 'a', [20, 50]), released('2', 'a', [30, 60])],
    ];

    expect(kinds(calls)).toEqual(['double-grant']);
  });

  it('may have a call that came and went where the other may just have gone', () => {
    const calls = [
      ...[granted('1', 'a', [0, 10]), released('1', 'a', [40, 110])],
      ...[granted('2', 'a', [20, 50]), released('2', 'a', [30, 60])],
    ];

    expect(kinds(calls)).toEqual([]);
  });

  it('is taken for free from the moment that a release without answer was sent', () => {
    const calls = [granted('1', 'a', [0, 10]), unanswered('release', '1', 20), granted('2', 'a', [15, 25])];

    expect(kinds(calls)).toEqual([]);
  });

  it('is taken for held when the release that was sent changed nothing', () => {
    const calls = [granted('1', 'a', [5, 10]), notFound('1', [0, 6]), granted('2', 'a', [20, 30])];

    expect(kinds(calls)).toEqual(['double-grant']);
  });

  it('is held by a call that was granted without an answer and found again', () => {
    const calls = [unanswered('allocate', '1', 0), alive('1', 'a', [5, 10]), granted('2', 'a', [20, 30])];

    expect(kinds(calls)).toEqual(['double-grant']);
  });

  it('may have as many calls as it may have, and no more', () => {
    const calls = ['1', '2', '3'].map((call) => granted(call, 'a', [0, 10]));

    expect(kinds(calls, 3)).toEqual([]);
    expect(kinds(calls, 2)).toEqual(['double-grant']);
  });

  it('counts a call once, however often it was found', () => {
    const calls = [granted('1', 'a', [0, 10]), existing('1', 'a', [5, 20]), ended('1', [30, 40])];

    expect(kinds([...calls, granted('2', 'a', [35, 50])])).toEqual([]);
  });

  it('must be one that there is', () => {
    expect(kinds([granted('1', 'b', [0, 10])])).toEqual(['unknown-pod']);
  });
});

describe('what is recorded of a call', () => {
  it.each([
    ['call-on-two-pods', granted('1', 'exclusive-2', [20, 30])],
    ['lost-call', granted('1', 'exclusive-1', [20, 30])],
    ['lost-call', noCapacity('1', [20, 30])],
    ['lost-call', notFound('1', [20, 30])],
    ['stale-answer', alive('1', 'exclusive-2', [20, 30])],
  ])('is %s when it fits', (kind, wrong) => {
    const { counts, violations } = check([granted('1', 'exclusive-1', [0, 10]), wrong], PODS);

    expect(counts).toMatchObject({ [kind]: 1 });
    expect(violations.find((one) => one.kind === kind)?.operations).toHaveLength(2);
  });
});

describe('a run', () => {
  const RUNS = 20;
  const CALLS = 200;

  it('is found right when the store is', () => {
    for (let seed = 0; seed < RUNS; seed++) {
      const { operations, live } = simulateRun(seededRandom(seed), CALLS);
      expect({ seed, counts: check(operations, PODS).counts, live: live.size }).toEqual({ seed, counts: {}, live: 0 });
    }
  });

  it.each(BUGS)('is found wrong when the store %s', (bug) => {
    const missed = Array.from({ length: RUNS }, (_, seed) => seed).filter((seed) => {
      const { operations } = simulateRun(seededRandom(seed), CALLS, bug);
      return check(operations, PODS).violations.length === 0;
    });

    expect(missed).toEqual([]);
  });

  it('gets the same verdict when it is checked while it continues', () => {
    const { operations } = simulateRun(seededRandom(7), 200, 'grants a busy pod');
    const calls = byCall(operations).sort((a, b) => firstNs(a) - firstNs(b));
    const judging = new HistoryChecker(PODS);
    for (const call of calls) {
      judging.advance(firstNs(call));
      judging.addCall(call);
    }
    const verdict = judging.finish();

    expect(verdict.counts).toEqual(check(operations, PODS).counts);
    expect(verdict).toMatchObject({ calls: 200, operations: operations.length });
  });
});

function firstNs(operations: readonly CallOperation[]): number {
  return Math.min(...operations.map(({ invokeNs }) => invokeNs));
}

describe('the verdict compared with every possible order', () => {
  const span = fc
    .tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 8 }))
    .map(([start, length]) => [start, start + length] as const);
  const callSid = fc.constantFrom('1', '2', '3');
  const pod = fc.constantFrom('a', 'b');
  const anyOperation = fc.oneof(
    ...[granted, existing, released, alive].map((make) => fc.tuple(callSid, pod, span).map((args) => make(...args))),
    ...[noCapacity, notFound, ended].map((make) => fc.tuple(callSid, span).map((args) => make(...args))),
    fc
      .tuple(fc.constantFrom('allocate', 'release', 'end-call'), callSid, fc.integer({ min: 0, max: 12 }))
      .map(([op, call, startNs]) => unanswered(op, call, startNs)),
  );

  it('never finds a mistake in what is possible', () => {
    const maxCalls = new Map([
      ['a', 1],
      ['b', 2],
    ]);
    fc.assert(
      fc.property(fc.array(anyOperation, { maxLength: 6 }), (operations) => {
        const { violations } = check(operations, maxCalls);
        expect(violations.length > 0 && isPossible(operations, maxCalls)).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  it('finds every mistake in the history of one call', () => {
    const maxCalls = new Map([
      ['a', 1],
      ['b', 1],
    ]);
    const ofOneCall = fc.array(
      anyOperation.map((operation) => ({ ...operation, callSid: '1' })),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(ofOneCall, (operations) => {
        expect(check(operations, maxCalls).violations.length === 0).toBe(isPossible(operations, maxCalls));
      }),
      { numRuns: 3_000 },
    );
  });

  it('finds every pod that two calls had at once when no release returned before its allocation', () => {
    const life = (call: string) =>
      fc
        .tuple(span, span)
        .filter(([first, last]) => last[1] >= first[1])
        .map(([first, last]) => [granted(call, 'a', first), released(call, 'a', last)]);
    const maxCalls = new Map([['a', 1]]);
    fc.assert(
      fc.property(life('1'), life('2'), (one, other) => {
        const operations = [...one, ...other];
        expect(check(operations, maxCalls).violations.length === 0).toBe(isPossible(operations, maxCalls));
      }),
      { numRuns: 3_000 },
    );
  });

  it('finds nothing in what a right store has answered', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0 }), (seed) => {
        const { operations } = simulateRun(seededRandom(seed), 3);
        expect(check(operations, PODS).violations).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
