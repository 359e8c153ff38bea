import { isoTime } from './iso-time';

describe('isoTime', () => {
  it.each([
    [1_767_225_600_000, '2026-01-01T00:00:00.000Z'],
    [1_767_225_600_000.9, '2026-01-01T00:00:00.000Z'],
    [Infinity, '+275760-09-13T00:00:00.000Z'],
    [-Infinity, '-271821-04-20T00:00:00.000Z'],
    [1e300, '+275760-09-13T00:00:00.000Z'],
    [NaN, '1970-01-01T00:00:00.000Z'],
    [null, null],
  ])('writes %p as %p', (unixMs, text) => {
    expect(isoTime(unixMs)).toBe(text);
  });
});
