import fc from 'fast-check';
import { backOffMs, type BackOffPolicy } from './back-off';

const BACK_OFF: BackOffPolicy = { firstMs: 500, maxMs: 10_000, jitter: 'half' };
const ALMOST_ONE = 1 - Number.EPSILON;

describe('backOffMs', () => {
  it('returns half of the first wait when it failed once and chance is lowest', () => {
    expect(backOffMs(BACK_OFF, 1, 0)).toBe(250);
  });

  it('returns twice as much when it failed once more', () => {
    expect(backOffMs(BACK_OFF, 2, 0)).toBe(500);
    expect(backOffMs(BACK_OFF, 3, 0)).toBe(1_000);
  });

  it('returns at most the cap and at least half of it when it failed very often', () => {
    expect(backOffMs(BACK_OFF, 5_000, ALMOST_ONE)).toBeCloseTo(10_000);
    expect(backOffMs(BACK_OFF, 5_000, 0)).toBe(5_000);
  });

  it('never waits longer than the cap or not at all', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, random) => {
          const wait = backOffMs(BACK_OFF, failures, random);
          expect(wait).toBeGreaterThanOrEqual(250);
          expect(wait).toBeLessThanOrEqual(10_000);
        },
      ),
    );
  });

  it('returns the whole ceiling, whatever chance says, when there is no jitter', () => {
    const policy: BackOffPolicy = { ...BACK_OFF, jitter: 'none' };
    expect([1, 2, 3, 5_000].map((attempt) => backOffMs(policy, attempt, 0))).toEqual([500, 1_000, 2_000, 10_000]);
    expect(backOffMs(policy, 1, ALMOST_ONE)).toBe(500);
  });

  it('returns anything from nothing to the ceiling when the jitter is full', () => {
    const policy: BackOffPolicy = { ...BACK_OFF, jitter: 'full' };
    expect(backOffMs(policy, 3, 0)).toBe(0);
    expect(backOffMs(policy, 3, 0.25)).toBe(500);
    expect(backOffMs(policy, 5_000, ALMOST_ONE)).toBeCloseTo(10_000);
  });
});
