import { UsageError } from './failures';
import { parseOptions } from './options';

const REQUIRED = ['--sentinel', '10.0.0.1:26379', '--master-name', 'calls'];

describe('parseOptions', () => {
  it('returns the defaults with what must be given', () => {
    expect(parseOptions([...REQUIRED, '--sentinel', '[fd00::1]:26380'], {})).toEqual({
      sentinels: [
        { host: '10.0.0.1', port: 26379 },
        { host: 'fd00::1', port: 26380 },
      ],
      masterName: 'calls',
      redis: {},
      sentinel: {},
      tls: null,
      pauseMs: 20_000,
      catchUpMs: 2_000,
      dryRun: false,
    });
  });

  it('takes passwords from the environment, and options before them', () => {
    const env = { REDIS_PASSWORD: 'a', REDIS_SENTINEL_PASSWORD: 'b' };
    expect(parseOptions(REQUIRED, env)).toMatchObject({ redis: { password: 'a' }, sentinel: { password: 'b' } });
    const args = [...REQUIRED, '--username', 'admin', '--password', 'c', '--sentinel-password', 'd'];
    expect(parseOptions(args, env)).toMatchObject({
      redis: { username: 'admin', password: 'c' },
      sentinel: { password: 'd' },
    });
  });

  it('returns nothing where help is asked for', () => {
    expect(parseOptions(['--help'], {})).toBeNull();
  });

  it.each([
    ['no sentinel', ['--master-name', 'calls']],
    ['no name', ['--sentinel', '10.0.0.1:26379']],
    ['a sentinel without a port', ['--sentinel', '10.0.0.1', '--master-name', 'calls']],
    ['a port that there is none of', ['--sentinel', '10.0.0.1:99999', '--master-name', 'calls']],
    ['a misspelt option', [...REQUIRED, '--dryrun']],
    ['an argument too many', [...REQUIRED, 'calls']],
    ['a pause that is too short', [...REQUIRED, '--pause-ms', '500']],
    ['a pause with a unit', [...REQUIRED, '--pause-ms', '20s']],
    ['a file that is not there', [...REQUIRED, '--tls-ca', '/no/such/file']],
  ])('throws on %s', (_what, args) => {
    expect(() => parseOptions(args, {})).toThrow(UsageError);
  });
});
