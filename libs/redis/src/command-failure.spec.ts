import { ReplyError } from 'ioredis';
import { describeFailure } from './command-failure';
import { CommandTimeoutError, NotConnectedError, reasonCode, UnconfirmedWriteError } from './errors';
import type { ConnectionOutage } from './persistent-client';

const outageBy = (reason: string, code: string): ConnectionOutage => ({ sinceMs: 0, lastsMs: 0, reason, code });
const REFUSED = outageBy('connect ECONNREFUSED 127.0.0.1:6379', 'ECONNREFUSED');
const SILENT = outageBy('no answer in time', 'TIMEOUT');
const system = (code: string) => Object.assign(new Error(`read ${code}`), { code });

describe('describeFailure', () => {
  it.each([
    new ReplyError("READONLY You can't write against a read only replica."),
    new CommandTimeoutError(),
    new UnconfirmedWriteError(1, 0, 100),
  ])('returns %s as it is', async (error) => {
    expect(await describeFailure(error, { outage: REFUSED })).toBe(error);
  });

  it.each([
    "Stream isn't writeable and enableOfflineQueue options is false",
    "Cluster isn't ready and enableOfflineQueue options is false",
    'Connection is closed.',
    'Command aborted due to connection close',
    'Reached the max retries per request limit (which is 0). Refer to "maxRetriesPerRequest" option for details.',
  ])('names the reason of the outage in place of "%s"', async (message) => {
    const failure = await describeFailure(new Error(message), { outage: REFUSED });
    expect(failure).toBeInstanceOf(NotConnectedError);
    expect(failure).toMatchObject({ message: `no connection to Redis: ${REFUSED.reason}`, isTimeout: false });
    expect(failure.cause).toBeUndefined();
  });

  it.each([
    ['Connection is closed.', 'connection closed'],
    ["Cluster isn't ready and enableOfflineQueue options is false", 'not connected'],
    ['All sentinels are unreachable. Retrying from scratch after 10ms.', 'no sentinel names a usable master'],
  ])('has words of our own for "%s" when no outage is known', async (message, reason) => {
    expect(await describeFailure(new Error(message), { outage: null })).toMatchObject({ reason });
  });

  it('keeps the words of the system', async () => {
    expect(await describeFailure(system('ECONNRESET'), { outage: null })).toMatchObject({ reason: 'read ECONNRESET' });
  });

  it('sees the outage that the failure itself began', async () => {
    const connection: { outage: ConnectionOutage | null } = { outage: null };
    process.nextTick(() => (connection.outage = SILENT));
    expect(await describeFailure(new Error('Connection is closed.'), connection)).toMatchObject({ isTimeout: true });
  });

  it.each([
    [true, new CommandTimeoutError(), null],
    [true, new UnconfirmedWriteError(1, 0, 100), null],
    [true, new Error("Socket timeout. Expecting data, but didn't receive any in 1500ms."), null],
    [true, system('ETIMEDOUT'), null],
    [true, new Error('Connection is closed.'), SILENT],
    [false, new Error('Connection is closed.'), REFUSED],
    [false, new Error('Connection is closed.'), null],
    [false, system('ECONNRESET'), null],
  ])('says %s for a time-out when %s', async (isTimeout, error, outage) => {
    expect(await describeFailure(error, { outage })).toMatchObject({ isTimeout });
  });
});

describe('reasonCode', () => {
  it.each([
    new CommandTimeoutError(),
    new Error('no answer'),
    new Error("Socket timeout. Expecting data, but didn't receive any in 1500ms."),
  ])('is TIMEOUT for %s, so that an outage by it is answered as late', (error) => {
    expect(reasonCode(error)).toBe('TIMEOUT');
  });
});
