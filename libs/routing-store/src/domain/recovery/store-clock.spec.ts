import { StoreClock } from './store-clock';

describe('StoreClock', () => {
  let nowMs: number;
  let clock: StoreClock;
  beforeEach(() => {
    nowMs = 0;
    clock = new StoreClock(() => nowMs);
  });
  /** The store's clock is 1,000 ms ahead when it is asked in the middle of the round trip. */
  const ask = (askedAtMs: number, receivedAtMs: number, storeMs: number): void => {
    nowMs = receivedAtMs;
    clock.observe(askedAtMs, receivedAtMs, storeMs * 1_000);
  };

  it('knows nothing before the store was asked', () => {
    expect([clock.earliestMs(), clock.latestUs()]).toEqual([null, null]);
  });

  it('bounds the time by the round trip', () => {
    ask(100, 110, 1_105);
    expect(clock.earliestMs()).toBe(1_105);
    expect(clock.latestUs()).toBe(1_115_000);
  });

  it('lets time pass', () => {
    ask(100, 110, 1_105);
    nowMs = 1_110;
    expect(clock.earliestMs()).toBeCloseTo(2_105 - 1, 5);
    expect(clock.latestUs()).toBeCloseTo(2_115_000 + 1_000, -1);
  });

  it('keeps the narrower of two bounds that agree', () => {
    ask(100, 102, 1_101);
    ask(103, 403, 1_253);
    expect(clock.earliestMs()).toBeGreaterThan(1_401);
    expect(clock.latestUs()).toBeLessThan(1_405_000);
  });

  it('believes the store where its clock was set', () => {
    ask(100, 110, 1_105);
    ask(200, 210, 5_205);
    expect(clock.earliestMs()).toBe(5_205);
    ask(300, 310, 305);
    expect(clock.latestUs()).toBe(315_000);
  });
});
