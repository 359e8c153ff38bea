import { ReplyError } from 'ioredis';
import { isConnectionFailure, wasNeverSent } from './connection-failure';
import { CommandTimeoutError, InvalidRedisUrlError, RedisUnreachableError } from './errors';

describe('isConnectionFailure', () => {
  it.each([
    "READONLY You can't write against a read only replica.",
    'LOADING Redis is loading the dataset in memory',
    'MASTERDOWN Link with MASTER is down',
    'BUSY Redis is busy running a script.',
    "OOM command not allowed when used memory > 'maxmemory'. script: 1f2e, on @user_script:3.",
    'MISCONF Errors writing to the AOF file: No space left on device',
    'NOREPLICAS Not enough good replicas to write.',
    'CLUSTERDOWN The cluster is down',
    'TRYAGAIN Multiple keys request during rehashing of slot',
    "NOPERM this user has no permissions to run the 'eval' command",
    'WRONGPASS invalid username-password pair or user is disabled.',
    'ERR max number of clients reached',
    "ERR The user executing the script can't run this command or subcommand script: 0ab1, on @user_script:9.",
    'ERR Script attempted to access a non local key in a cluster node script: 0ab1, on @user_script:9.',
  ])('returns true when the server replies %s', (reply) => {
    expect(isConnectionFailure(new ReplyError(reply))).toBe(true);
  });

  it.each([
    'WRONGTYPE Operation against a key holding the wrong kind of value',
    'ERR value is not an integer or out of range',
    'STALE_EPOCH 3',
    'BUSYKEY Target key name already exists.',
  ])('returns false when the server replies %s', (reply) => {
    expect(isConnectionFailure(new ReplyError(reply))).toBe(false);
  });

  it('returns true when the start ran out of time', () => {
    expect(isConnectionFailure(new RedisUnreachableError('redis://cache', 10, 'refused'))).toBe(true);
  });

  it('returns true when a command was not answered in time', () => {
    expect(isConnectionFailure(new CommandTimeoutError())).toBe(true);
  });

  it('returns true when the system names the failure', () => {
    expect(isConnectionFailure(Object.assign(new Error('getaddrinfo'), { code: 'EAI_AGAIN' }))).toBe(true);
  });

  it.each([
    new TypeError('keys is not iterable'),
    new InvalidRedisUrlError('no host'),
    Object.assign(new Error('no such file'), { code: 'ENOENT' }),
    'Connection is closed.',
    undefined,
  ])('returns false when the failure lies elsewhere: %s', (error) => {
    expect(isConnectionFailure(error)).toBe(false);
  });
});

describe('wasNeverSent', () => {
  it.each([
    new ReplyError('LOADING Redis is loading the dataset in memory'),
    new ReplyError('BUSY Redis is busy running a script.'),
    new Error("Stream isn't writeable and enableOfflineQueue options is false"),
  ])('returns true for %s', (error) => {
    expect(wasNeverSent(error)).toBe(true);
  });

  it.each([
    new Error('Command timed out'),
    new Error('Connection is closed.'),
    new Error('Command aborted due to connection close'),
    new ReplyError("ERR The user executing the script can't run this command or subcommand script: 0ab1"),
    undefined,
  ])('returns false for %s, which may have taken effect', (error) => {
    expect(wasNeverSent(error)).toBe(false);
  });
});
