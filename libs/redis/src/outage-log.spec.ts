import { ReplyError } from 'ioredis';
import { OutageLog } from './outage-log';
import { RecordedLog } from './testing/recorded-log';

const ENDPOINT = 'redis://cache:6379';

describe('OutageLog', () => {
  let nowMs: number;
  let log: RecordedLog;
  let outages: OutageLog;

  beforeEach(() => {
    nowMs = 1_000;
    log = new RecordedLog();
    outages = new OutageLog(log, () => nowMs);
  });

  it('logs one line when many attempts fail', () => {
    outages.lost(ENDPOINT, new Error('read ECONNRESET'));
    outages.failed(ENDPOINT, new Error('connect ECONNREFUSED'));
    outages.failed(ENDPOINT, new Error('connect ETIMEDOUT'));

    expect(log.records).toEqual([
      {
        level: 'warn',
        message: 'redis connection lost',
        fields: { endpoint: ENDPOINT, reason: 'read ECONNRESET' },
      },
    ]);
  });

  it('waits for the reason when the connection broke without one', () => {
    outages.lost(ENDPOINT, undefined);
    outages.failed(ENDPOINT, new ReplyError('WRONGPASS invalid username-password pair'));

    expect(log.records.map(({ fields }) => fields)).toEqual([
      { endpoint: ENDPOINT, reason: 'WRONGPASS invalid username-password pair' },
    ]);
  });

  it('logs an outage of which no reason was found when it is over', () => {
    outages.lost(ENDPOINT, undefined);
    nowMs += 60;
    outages.restored(ENDPOINT);

    expect(log.records.map(({ message, fields }) => [message, fields])).toEqual([
      ['redis connection lost', { endpoint: ENDPOINT, reason: 'connection closed' }],
      ['redis connection restored', { endpoint: ENDPOINT, outage_ms: 60 }],
    ]);
  });

  it('logs each refusal of the server once', () => {
    outages.lost(ENDPOINT, new Error('read ECONNRESET'));
    for (const attempt of ['NOAUTH', 'NOAUTH', 'ERR max number of clients reached', 'NOAUTH']) {
      outages.failed(ENDPOINT, new ReplyError(attempt));
    }

    expect(log.records.map(({ message, fields }) => [message, fields])).toEqual([
      ['redis connection lost', expect.objectContaining({ reason: 'read ECONNRESET' })],
      ['redis refuses the connection', expect.objectContaining({ reason: 'NOAUTH' })],
      ['redis refuses the connection', expect.objectContaining({ reason: 'ERR max number of clients reached' })],
    ]);
  });

  it('logs the length of the outage when the connection is back', () => {
    outages.lost(ENDPOINT, new Error('read ECONNRESET'));
    nowMs += 2_500;
    outages.restored(ENDPOINT);

    expect(log.records[1]).toEqual({
      level: 'info',
      message: 'redis connection restored',
      fields: { endpoint: ENDPOINT, outage_ms: 2_500 },
    });
  });

  it('logs nothing when the first attempt succeeds', () => {
    outages.restored(ENDPOINT);

    expect(log.records).toEqual([]);
  });

  it('logs again when the connection breaks a second time', () => {
    outages.lost(ENDPOINT, new Error('read ECONNRESET'));
    outages.restored(ENDPOINT);
    outages.lost(ENDPOINT, new Error('read ECONNRESET'));

    expect(log.messages()).toEqual(['redis connection lost', 'redis connection restored', 'redis connection lost']);
  });

  it('logs nothing when the connection is meant to close', () => {
    outages.stop();
    outages.lost(ENDPOINT, undefined);
    outages.restored(ENDPOINT);

    expect(log.records).toEqual([]);
  });

  it('takes the password off the error when the handshake fails', () => {
    const error = Object.assign(new Error('WRONGPASS invalid username-password pair'), {
      command: { name: 'hello', args: ['3', 'AUTH', 'default', 'secret'] },
    });

    outages.failed(ENDPOINT, error);

    expect(error.command).toEqual({ name: 'hello' });
  });

  it('names the code when the error has no message', () => {
    outages.failed(ENDPOINT, Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }));

    expect(log.records[0]?.fields).toMatchObject({ reason: 'ECONNREFUSED' });
  });
});
