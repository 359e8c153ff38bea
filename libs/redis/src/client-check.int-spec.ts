import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { askRedis, type RedisProcess, startRedis, waitFor } from '@smart-router/testbed';
import type { RedisConnectionOptions } from './connect';
import { connectRedis } from './testing/connect-redis';
import { isConnectionFailure } from './connection-failure';
import type { RedisConnection } from './redis-connection';
import { PATIENT_LIMITS, SHORT_LIMITS } from './testing/connection-limits';
import { RecordedLog } from './testing/recorded-log';

/** How long a start that is to fail takes: enough for a first attempt to find out why. */
const REASON_MS = 3_000;

let log: RecordedLog;
const connections: RedisConnection[] = [];

beforeEach(() => {
  log = new RecordedLog();
});
afterEach(() => Promise.all(connections.splice(0).map((connection) => connection.close())));

async function connect(options: Partial<RedisConnectionOptions> & { readonly url: string }): Promise<RedisConnection> {
  const connection = await connectRedis({ ...PATIENT_LIMITS, probeKey: 'probe', logger: log, ...options });
  connections.push(connection);
  return connection;
}

describe('a connection that is not fit', () => {
  let redis: RedisProcess;
  const ask = (command: string) => askRedis(redis.port, command);

  beforeEach(async () => {
    redis = await startRedis({ args: ['--databases', '2'] });
  });
  afterEach(() => redis.kill());

  /** What makes it unfit, the reason, and what makes it fit again. */
  const REFUSALS: readonly (readonly [string, string, string, string])[] = [
    ['SELECT is forbidden', 'ACL SETUSER default -select', 'NOPERM', 'ACL SETUSER default +select'],
    ['the server is a replica', 'REPLICAOF 127.0.0.1 1', 'READONLY', 'REPLICAOF NO ONE'],
    ['the password is wrong', 'ACL SETUSER default resetpass >other', 'WRONGPASS', 'ACL SETUSER default nopass'],
  ];

  const STARTS: readonly (readonly [string, string, string])[] = [
    ...REFUSALS.map(([name, refuse, reason]) => [name, refuse, reason] as const),
    ['the database does not exist', 'PING', 'ERR DB index is out of range'],
  ];

  it.each(STARTS)('is refused at the start with the reason when %s', async (name, refuse, reason) => {
    await ask(refuse);
    const database = name === 'the database does not exist' ? 2 : 1;
    const url = `redis://:secret@127.0.0.1:${redis.port}/${database}`;

    await expect(connect({ url, startTimeoutMs: REASON_MS })).rejects.toMatchObject({
      code: 'REDIS_UNREACHABLE',
      reason: expect.stringContaining(reason),
    });
  });

  it.each(REFUSALS)('is not used any more when %s, and again later', async (_name, refuse, reason, allow) => {
    const connection = await connect({ url: `redis://:secret@127.0.0.1:${redis.port}/1` });
    const admin = await connect({ url: redis.url });
    await admin.client.call(...(refuse.split(' ') as [string, ...string[]]));
    await admin.client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    const attempts = async () => Number(/connections_received:(\d+)/.exec(await admin.client.info('stats'))?.[1]);
    const before = await attempts();

    await waitFor(async () => (await attempts()) >= before + 4, { description: 'several attempts' });

    const failure = await connection.client.set('key', 'value').catch((error: unknown) => error);
    expect(isConnectionFailure(failure)).toBe(true);
    expect(connection.outage?.code).toBe(reason);
    expect(log.records.map(({ message, fields }) => [message, (fields as { reason?: string }).reason])).toEqual([
      ['redis connection lost', expect.stringContaining(reason)],
    ]);
    await admin.client.call(...(allow.split(' ') as [string, ...string[]]));
    await waitFor(() => connection.client.set('key', 'value'), { description: 'the connection to serve again' });
    expect([await ask('EXISTS key'), log.messages().at(-1)]).toEqual(['0', 'redis connection restored']);
  });

  it('leaves no trace of its probe', async () => {
    const connection = await connect({ url: redis.url });
    await connection.client.get('key');
    expect(await ask('DBSIZE')).toBe('0');
  });
});

describe('a server that says why just before it closes', () => {
  let server: Server;

  afterEach(() => server.close());

  it.each([
    ['DENIED Redis is running in protected mode', 'DENIED'],
    ['ERR max number of clients reached', 'ERR max number of clients reached'],
    ['NOAUTH Authentication required', 'NOAUTH'],
  ])('is quoted: %s', async (reply, reason) => {
    server = createServer((socket) => socket.on('error', () => undefined).end(`-${reply}\r\n`));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;

    await expect(connect({ url, ...SHORT_LIMITS, startTimeoutMs: REASON_MS })).rejects.toMatchObject({
      reason: expect.stringContaining(reason),
    });

    expect(log.records).toEqual([
      {
        level: 'warn',
        message: 'redis connection lost',
        fields: { endpoint: url, reason: expect.stringContaining(reason) },
      },
    ]);
  });
});
