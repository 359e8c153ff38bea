import { candidateWaitMs, checkElection, InvalidElectionError } from './election-timings';

const TIMINGS = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };

describe('checkElection', () => {
  it('takes the usual timings', () => {
    expect(() => checkElection('me', TIMINGS)).not.toThrow();
  });

  it.each([
    ['an empty identity', '', TIMINGS],
    ['a lease as long as the renew deadline', 'me', { ...TIMINGS, leaseDurationMs: 10_000 }],
    ['a renew deadline of 1.2 retry periods', 'me', { ...TIMINGS, renewDeadlineMs: 2_400 }],
    ['no lease duration', 'me', { ...TIMINGS, leaseDurationMs: 0 }],
    ['no renew deadline', 'me', { ...TIMINGS, renewDeadlineMs: 0 }],
    ['no retry period', 'me', { ...TIMINGS, retryPeriodMs: 0 }],
    ['a negative retry period', 'me', { ...TIMINGS, retryPeriodMs: -1 }],
    ['a lease duration that is no number', 'me', { ...TIMINGS, leaseDurationMs: NaN }],
    ['a lease of half seconds', 'me', { ...TIMINGS, leaseDurationMs: 15_500 }],
  ])('refuses %s', (_, identity, timings) => {
    expect(() => checkElection(identity, timings)).toThrow(InvalidElectionError);
  });
});

it('spreads the waits of contenders from 1 to 2.2 retry periods', () => {
  expect(candidateWaitMs(TIMINGS, 0)).toBe(2_000);
  expect(candidateWaitMs(TIMINGS, 1)).toBe(4_400);
});
