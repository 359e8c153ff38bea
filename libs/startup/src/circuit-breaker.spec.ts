import fc from 'fast-check';
import { CircuitBreaker } from './circuit-breaker';

const THRESHOLD = 3;
const RECOVERY_MS = 100;

/** What the breaker has to say, from its history alone. */
class BreakerModel {
  failuresInARow = 0;
  openedAt: number | null = null;
  underWay = 0;
  now = 0;

  mayBegin(): boolean {
    if (this.openedAt === null) return true;
    return this.now >= this.openedAt + RECOVERY_MS && this.underWay === 0;
  }

  end(result: 'succeeded' | 'failed'): void {
    this.underWay -= 1;
    this.failuresInARow = result === 'succeeded' ? 0 : this.failuresInARow + 1;
    if (result === 'succeeded') this.openedAt = null;
    else if (this.failuresInARow >= THRESHOLD) this.openedAt = this.now;
  }
}

type Step = { readonly kind: 'begin' | 'succeed' | 'fail' } | { readonly kind: 'wait'; readonly ms: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.constantFrom<Step>({ kind: 'begin' }, { kind: 'succeed' }, { kind: 'fail' }),
    fc.integer({ min: 1, max: 150 }).map((ms): Step => ({ kind: 'wait', ms })),
  ),
  { maxLength: 60 },
);

it('lets attempts begin as its model says, one at a time, whatever happens', () => {
  fc.assert(
    fc.property(steps, (run) => {
      const model = new BreakerModel();
      const options = { threshold: THRESHOLD, recoveryMs: RECOVERY_MS, now: () => model.now };
      const breaker = new CircuitBreaker(options);
      for (const step of run) apply(step, breaker, model);
    }),
    { numRuns: 500 },
  );
});

function apply(step: Step, breaker: CircuitBreaker, model: BreakerModel): void {
  if (step.kind === 'wait') {
    model.now += step.ms;
  } else if (step.kind === 'begin') {
    if (model.underWay > 0) return;
    const expected = model.mayBegin();
    expect(breaker.tryBegin()).toBe(expected);
    if (expected) model.underWay = 1;
  } else if (model.underWay > 0) {
    const result = step.kind === 'succeed' ? 'succeeded' : 'failed';
    breaker[result]();
    model.end(result);
  }
}

describe('CircuitBreaker', () => {
  let now = 0;
  const opened = (): CircuitBreaker => {
    const breaker = new CircuitBreaker({ threshold: THRESHOLD, recoveryMs: RECOVERY_MS, now: () => now });
    for (let failure = 0; failure < THRESHOLD; failure++) breaker.failed();
    return breaker;
  };

  beforeEach(() => (now = 0));

  it('opens with the third failure in a row and says how long it will be', () => {
    const breaker = opened();
    now = 40;
    expect([breaker.state, breaker.tryBegin(), breaker.waitMs()]).toEqual(['open', false, 60]);
  });

  it('lets one of several parallel callers probe', () => {
    const breaker = opened();
    now = RECOVERY_MS;
    expect([breaker.tryBegin(), breaker.tryBegin(), breaker.tryBegin()]).toEqual([true, false, false]);
  });

  it('opens anew for the whole time when the probe fails', () => {
    const breaker = opened();
    now = 130;
    breaker.tryBegin();
    breaker.failed();
    expect([breaker.state, breaker.waitMs()]).toEqual(['open', RECOVERY_MS]);
  });

  it('is closed when the probe succeeds', () => {
    const breaker = opened();
    now = RECOVERY_MS;
    breaker.tryBegin();
    breaker.succeeded();
    expect([breaker.state, breaker.tryBegin()]).toEqual(['closed', true]);
  });

  it('lets another probe begin when the one before was abandoned', () => {
    const breaker = opened();
    now = RECOVERY_MS;
    breaker.tryBegin();
    breaker.abandoned();
    expect(breaker.tryBegin()).toBe(true);
  });
});
