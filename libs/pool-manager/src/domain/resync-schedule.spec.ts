import { ResyncSchedule } from './resync-schedule';

const INTERVAL_MS = 60_000;
const CACHED = { isFresh: false };
const FRESH = { isFresh: true };

/** A schedule after the first resync, which took a second and ended at 1000. */
function afterFirst(): ResyncSchedule {
  const schedule = new ResyncSchedule(INTERVAL_MS);
  schedule.begin(0);
  schedule.done(1_000);
  return schedule;
}

it('begins with a resync from what the source has seen', () => {
  expect(new ResyncSchedule(INTERVAL_MS).begin(0)).toEqual(CACHED);
});

it('takes a resync with a fresh list when the interval is over, and none before', () => {
  const schedule = afterFirst();
  expect(schedule.begin(60_999)).toBeNull();
  expect(schedule.dueInMs(30_000)).toBe(31_000);
  expect(schedule.begin(61_000)).toEqual(FRESH);
});

it('counts the interval from the last fresh list, whatever was resynced since', () => {
  const schedule = afterFirst();
  schedule.request(false);
  expect(schedule.begin(50_000)).toEqual(CACHED);
  schedule.done(50_000);
  expect(schedule.dueInMs(50_000)).toBe(11_000);
});

it.each([false, true])('takes a resync at once when it is asked for, with a fresh list: %s', (isFresh) => {
  const schedule = afterFirst();
  schedule.request(isFresh);
  expect(schedule.begin(2_000)).toEqual({ isFresh });
  schedule.done(2_000);
  expect(schedule.begin(2_000)).toBeNull();
});

it.each([false, true])('takes a resync again when it has failed, with a fresh list: %s', (isFresh) => {
  const schedule = afterFirst();
  schedule.request(isFresh);
  schedule.begin(2_000);
  schedule.failed();
  expect(schedule.begin(2_000)).toEqual({ isFresh });
});

it('takes a resync again when that is asked for during one', () => {
  const schedule = new ResyncSchedule(INTERVAL_MS);
  schedule.begin(0);
  schedule.request(false);
  schedule.done(1_000);
  expect(schedule.dueInMs(1_000)).toBe(0);
});

it('takes a resync as soon as the one before wants it, with a fresh list', () => {
  const schedule = new ResyncSchedule(INTERVAL_MS);
  schedule.begin(0);
  schedule.done(1_000, 5_000);
  expect(schedule.dueInMs(1_000)).toBe(5_000);
  expect(schedule.begin(6_000)).toEqual(FRESH);
});

it('keeps resyncs to a fifth of the time when single pods ask for them', () => {
  const schedule = afterFirst();
  schedule.requestSoon(1_500);
  expect(schedule.dueInMs(1_500)).toBe(3_500);
  const later = afterFirst();
  later.requestSoon(20_000);
  expect(later.dueInMs(20_000)).toBe(0);
});
