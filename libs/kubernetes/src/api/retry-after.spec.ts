import { retryAfterMs } from './retry-after';

const NOW = Date.parse('2026-01-01T00:00:00Z');

it.each([
  ['5', 5_000],
  ['0', 0],
  [' 7 ', 7_000],
  ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ['999999', 300_000],
])('reads %s', (header, ms) => {
  expect(retryAfterMs(header, NOW)).toBe(ms);
});

it.each([null, '', 'soon'])('gets nothing from %p', (header) => {
  expect(retryAfterMs(header, NOW)).toBeNull();
});
