import { distanceOf, parseDuration } from './times';

const NOW = Date.parse('2026-01-02T00:00:00.000Z');

describe('distanceOf', () => {
  it.each([
    ['2026-01-01T23:59:58.500Z', '1s'],
    ['2026-01-01T23:58:00.000Z', '2m'],
    ['2026-01-01T21:00:00.000Z', '3h'],
    ['2025-12-28T00:00:00.000Z', '5d'],
    ['2026-01-02T00:10:00.000Z', '10m'],
    ['2026-01-02T00:00:00.000Z', '0s'],
    [null, '-'],
  ])('returns for %s %s', (time, distance) => {
    expect(distanceOf(time, NOW)).toBe(distance);
  });
});

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['10s', 10_000],
    ['2h', 7_200_000],
    ['10', undefined],
    ['-1s', undefined],
    ['1d', undefined],
  ])('reads %s as %s ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });
});
