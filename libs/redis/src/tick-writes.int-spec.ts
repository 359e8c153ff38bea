import { setImmediate as nextTurn } from 'node:timers/promises';
import { type RedisProcess, startRedis } from '@smart-router/testbed';
import { connectRedis } from './testing/connect-redis';
import { isConnectionFailure } from './connection-failure';
import type { RedisConnection } from './redis-connection';
import { PATIENT_LIMITS } from './testing/connection-limits';
import { RecordedLog } from './testing/recorded-log';

const COMMANDS = 50;

let redis: RedisProcess;
let connection: RedisConnection;

beforeAll(async () => {
  redis = await startRedis();
});

afterAll(() => redis.stop());

beforeEach(async () => {
  connection = await connectRedis({ url: redis.url, ...PATIENT_LIMITS, logger: new RecordedLog() });
});

afterEach(() => connection.close());

async function reads(): Promise<number> {
  return Number(/total_reads_processed:(\d+)/.exec(await connection.client.info('stats'))?.[1]);
}

it('takes one read of Redis when many commands are sent in one tick of the event loop', async () => {
  const before = await reads();
  const answers = Array.from({ length: COMMANDS }, (_, index) => connection.client.echo(`${index}`));

  expect(await Promise.all(answers)).toEqual(Array.from({ length: COMMANDS }, (_, index) => `${index}`));
  const own = 1;
  expect((await reads()) - before - own).toBe(1);
});

it('sends what comes in a later tick, too', async () => {
  const first = connection.client.echo('first');
  await nextTurn();
  const second = connection.client.echo('second');

  expect(await Promise.all([first, second])).toEqual(['first', 'second']);
});

it('settles the commands of a tick in which the connection is closed', async () => {
  const answer = connection.client.echo('late').catch((error: unknown) => isConnectionFailure(error));
  connection.client.disconnect();

  expect(['late', true]).toContain(await answer);
});
