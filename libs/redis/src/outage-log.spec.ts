import { Redis, ReplyError } from 'ioredis';
import { OutageLog } from './outage-log';
import { RecordedLog } from './testing/recorded-log';

describe('OutageLog', () => {
  let nowMs: number;
  let log: RecordedLog;
  let outages: OutageLog;
  /** Never connected: the test tells its events. */
  let client: Redis;

  beforeEach(() => {
    nowMs = 1_000;
    log = new RecordedLog();
    outages = new OutageLog(log, () => nowMs);
    client = new Redis({ lazyConnect: true });
    outages.watch(client, 'redis://cache:6379');
  });

  it('logs one line when many attempts fail', () => {
    client.emit('error', new Error('connect ECONNREFUSED'));
    client.emit('close');
    client.emit('error', new Error('connect ETIMEDOUT'));

    expect(log.records).toEqual([
      {
        level: 'warn',
        message: 'redis connection lost',
        fields: { endpoint: 'redis://cache:6379', reason: 'connect ECONNREFUSED' },
      },
    ]);
  });

  it('logs each refusal of the server once', () => {
    client.emit('close');
    for (const attempt of ['NOAUTH', 'NOAUTH', 'ERR max number of clients reached', 'NOAUTH']) {
      client.emit('error', new ReplyError(attempt));
    }

    expect(log.records.map(({ message, fields }) => [message, fields])).toEqual([
      ['redis connection lost', expect.objectContaining({ reason: 'connection closed' })],
      ['redis refuses the connection', expect.objectContaining({ reason: 'NOAUTH' })],
      ['redis refuses the connection', expect.objectContaining({ reason: 'ERR max number of clients reached' })],
    ]);
  });

  it('logs the length of the outage when the connection is back', () => {
    client.emit('close');
    nowMs += 2_500;
    client.emit('ready');

    expect(log.records[1]).toEqual({
      level: 'info',
      message: 'redis connection restored',
      fields: { endpoint: 'redis://cache:6379', outage_ms: 2_500 },
    });
  });

  it('logs nothing when the first attempt succeeds', () => {
    client.emit('ready');

    expect(log.records).toEqual([]);
  });

  it('logs again when the connection breaks a second time', () => {
    client.emit('close');
    client.emit('ready');
    client.emit('close');

    expect(log.messages()).toEqual(['redis connection lost', 'redis connection restored', 'redis connection lost']);
  });

  it('logs nothing when the connection is meant to close', () => {
    outages.stop();
    client.emit('close');

    expect(log.records).toEqual([]);
  });

  it('takes the password off the error when the handshake fails', () => {
    const error = Object.assign(new Error('WRONGPASS invalid username-password pair'), {
      command: { name: 'hello', args: ['3', 'AUTH', 'default', 'secret'] },
    });

    client.emit('error', error);

    expect(error.command).toEqual({ name: 'hello' });
  });

  it('names the code when the error has no message', () => {
    client.emit('error', Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }));

    expect(log.records[0]?.fields).toMatchObject({ reason: 'ECONNREFUSED' });
  });
});
