import { timeField } from './time-field';

it('returns the time as a field of a line', () => {
  expect(timeField(() => Date.UTC(2026, 10, 21, 9, 8, 7, 6))()).toBe(',"time":"2026-11-21T09:08:07.006Z"');
});

it('returns another text as soon as the clock shows another millisecond, forwards or backwards', () => {
  let ms = 1000;
  const time = timeField(() => ms);
  const texts = [1000, 1000, 1001, 999].map((at) => {
    ms = at;
    return time();
  });

  expect(texts).toEqual([1000, 1000, 1001, 999].map((at) => `,"time":"${new Date(at).toISOString()}"`));
});
