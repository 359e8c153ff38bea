import fc from 'fast-check';
import { countOrZero, duration, durationOrZero, networks } from './kinds';

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

it('reads a duration as its amount times its unit, in milliseconds', () => {
  const amounts = fc.integer({ min: 1, max: 500 });
  const units = fc.constantFrom(...(Object.keys(UNITS) as (keyof typeof UNITS)[]));
  fc.assert(
    fc.property(amounts, units, (amount, unit) => {
      expect(duration.parse(`${amount}${unit}`)).toBe(amount * UNITS[unit]);
    }),
  );
});

it.each([
  ['1m30s', 90_000],
  ['1.5s', 1500],
  ['1h1m1s1ms', 3_661_001],
])('reads %s', (text, ms) => {
  expect(duration.parse(text)).toBe(ms);
});

it.each(['', '5', 's', '5 s', '-5s', '5d', '1..5s', '5s5', '0ms'])('refuses "%s"', (text) => {
  expect(() => duration.parse(text)).toThrow('a duration above zero');
});

it('takes zero where zero makes sense', () => {
  expect(durationOrZero.parse('0s')).toBe(0);
});

it.each(['0', '1', '1000000'])('reads a count that may be zero: %s', (text) => {
  expect(countOrZero.parse(text)).toBe(Number(text));
});

it.each(['-1', '1000001', '1.5', ''])('refuses a count that is "%s"', (text) => {
  expect(() => countOrZero.parse(text)).toThrow('a whole number from 0 to 1000000');
});

it('reads addresses and networks', () => {
  expect(networks.parse('10.0.0.0/8, ::1,fd00::/8,192.0.2.1')).toEqual(['10.0.0.0/8', '::1', 'fd00::/8', '192.0.2.1']);
});

it.each(['', 'proxy', '10.0.0.0/33', '::1/129', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0/8', 'true'])(
  'refuses the network "%s"',
  (text) => {
    expect(() => networks.parse(text)).toThrow('IP addresses or networks');
  },
);
