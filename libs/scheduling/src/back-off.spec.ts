import fc from 'fast-check';
import { backOffMs } from './back-off';

const BACK_OFF = { firstMs: 500, maxMs: 10_000 };
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
});
