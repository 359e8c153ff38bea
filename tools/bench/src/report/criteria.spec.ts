import { verdictOf } from './criteria';

describe('verdictOf', () => {
  it.each([
    [0.8, 'aim'],
    [0.75, 'aim'],
    [0.74, 'pass'],
    [0.55, 'pass'],
    [0.54, 'miss'],
  ])('returns what is reached when higher is better: %d is %s', (value, verdict) => {
    expect(verdictOf(value, { better: 'higher', pass: 0.55, aim: 0.75 })).toBe(verdict);
  });

  it.each([
    [1.3, 'aim'],
    [1.5, 'pass'],
    [2, 'pass'],
    [2.01, 'miss'],
  ])('returns what is reached when lower is better: %d is %s', (value, verdict) => {
    expect(verdictOf(value, { better: 'lower', pass: 2, aim: 1.4 })).toBe(verdict);
  });

  it('returns pass at best when there is no aim', () => {
    expect(verdictOf(0, { better: 'lower', pass: 1 })).toBe('pass');
  });

  it('returns miss when the value is no number', () => {
    expect(verdictOf(NaN, { better: 'lower', pass: 1 })).toBe('miss');
  });
});
