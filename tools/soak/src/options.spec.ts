import { parseOptions } from './options';

describe('parseOptions', () => {
  it('returns two minutes with any seed when nothing is given', () => {
    expect(parseOptions([], 42)).toMatchObject({ minutes: 2, seed: 42, clients: 200, minOperations: 0, minKills: 0 });
  });

  it('returns what is given', () => {
    const args = ['--minutes', '0.5', '--seed', '7', '--clients', '10', '--operations', '1000', '--kills', '3'];

    expect(parseOptions(args, 42)).toMatchObject({
      minutes: 0.5,
      seed: 7,
      clients: 10,
      minOperations: 1_000,
      minKills: 3,
    });
  });

  it.each([
    [['--minutes', '0'], '--minutes must be a number above zero'],
    [['--minutes', 'long'], '--minutes must be a number above zero'],
    [['--seed', '-1'], '--seed'],
    [['--clients', '1.5'], '--clients must be a whole number'],
    [['--hours', '1'], '--hours'],
  ])('throws when given %j', (args, message) => {
    expect(() => parseOptions(args, 42)).toThrow(message);
  });
});
