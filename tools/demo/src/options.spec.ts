import { parseOptions } from './options';

describe('parseOptions', () => {
  it('runs until it is stopped when nothing is given', () => {
    expect(parseOptions([])).toEqual({
      seconds: null,
      callsPerSecond: 2,
      callSeconds: 6,
      agents: 8,
      port: 8080,
      alertSeconds: null,
      settings: {},
    });
  });

  it('takes fractions where they make sense', () => {
    expect(parseOptions(['--calls-per-second', '0.5', '--call-seconds=1.5'])).toMatchObject({
      callsPerSecond: 0.5,
      callSeconds: 1.5,
    });
  });

  it('takes settings of the product, with any sign in their values', () => {
    expect(parseOptions(['--set', 'LOG_LEVEL=debug', '--set', 'A=b=c'])).toMatchObject({
      settings: { LOG_LEVEL: 'debug', A: 'b=c' },
    });
  });

  it('returns null when help is asked for', () => {
    expect(parseOptions(['--help'])).toBeNull();
  });

  it.each([
    [['--agent', '3'], /--agent/],
    [['--agents', '4'], /--agents must be a number from 5 to 180, not 4/],
    [['--agents', '5.5'], /--agents must be a whole number, not 5.5/],
    [['--calls-per-second', '-1'], /calls-per-second/],
    [['--calls-per-second', '1e9'], /--calls-per-second must be a number from 0 to 100, not 1e9/],
    [['--port', 'http'], /--port must be a number/],
    [['--seconds'], /--seconds/],
    [['ten'], /ten/],
    [['--set', 'log_level=debug'], /--set must be NAME=value, not log_level=debug/],
  ])('refuses %j with a sentence that names the mistake', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});
