import { connect as dial, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { inspect } from 'node:util';
import { type RedisProcess, startRedis, waitFor } from '@smart-router/testbed';
import type { RedisConnectionOptions } from './connect';
import { connectRedis } from './testing/connect-redis';
import { isConnectionFailure } from './connection-failure';
import { RedisUnreachableError } from './errors';
import { PATIENT_LIMITS, SHORT_LIMITS } from './testing/connection-limits';
import { RecordedLog } from './testing/recorded-log';
import type { RedisConnection } from './redis-connection';

/** How long a start that is to fail takes: enough for a first attempt to find out why. */
const REASON_MS = 3_000;

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => `resolved with ${String(value)}`,
    (error: unknown) => error,
  );

describe('connectRedis', () => {
  let redis: RedisProcess;
  let log: RecordedLog;
  const connections: RedisConnection[] = [];

  const connect = async (options: Partial<RedisConnectionOptions> = {}): Promise<RedisConnection> => {
    const connection = await connectRedis({ url: redis.url, ...PATIENT_LIMITS, logger: log, ...options });
    connections.push(connection);
    return connection;
  };

  beforeEach(async () => {
    log = new RecordedLog();
    redis = await startRedis();
  });

  afterEach(async () => {
    redis.resume();
    await Promise.all(connections.splice(0).map((connection) => connection.close()));
    await redis.kill();
  });

  it('returns a client of the database in the URL', async () => {
    const { client, endpoint } = await connect({ url: `${redis.url}/3`, connectionName: 'router' });

    await client.set('key', 'value');

    expect(await client.client('INFO')).toMatch(/ name=router .* db=3 /);
    expect(endpoint).toBe(`${redis.url}/3`);
    expect(log.records).toEqual([]);
  });

  it('resolves when Redis comes up only after some attempts', async () => {
    await redis.stop();
    const connecting = connect();
    await waitFor(() => log.records.length > 0, { description: 'the first attempt to fail' });

    redis = await startRedis({ port: redis.port });

    await expect((await connecting).client.ping()).resolves.toBe('PONG');
    expect(log.messages()).toEqual(['redis connection lost', 'redis connection restored']);
  });

  it('throws with address and reason when nothing listens', async () => {
    await redis.stop();

    const error = await failureOf(connect({ startTimeoutMs: REASON_MS }));

    expect(error).toBeInstanceOf(RedisUnreachableError);
    expect(String(error)).toContain(`cannot connect to ${redis.url} within ${REASON_MS} ms: connect ECONNREFUSED`);
  });

  it('throws with the reason and without the password when the password is wrong', async () => {
    await redis.stop();
    redis = await startRedis({ args: ['--requirepass', 'right'] });
    const url = redis.url.replace('//', '//:wr0ng@');

    const error = await failureOf(connect({ url, startTimeoutMs: REASON_MS }));

    expect(String(error)).toContain(`cannot connect to ${redis.url} within ${REASON_MS} ms: WRONGPASS`);
    expect(inspect([error, log.records], { depth: 9, showHidden: true })).not.toContain('wr0ng');
  });

  it('throws when the host accepts connections and never answers', async () => {
    redis.pause();

    const error = await failureOf(connect({ startTimeoutMs: 300 }));

    expect(error).toBeInstanceOf(RedisUnreachableError);
  });

  it('rejects commands in time and recovers when Redis hangs for a while', async () => {
    const { client } = await connect({ commandTimeoutMs: 200, socketTimeoutMs: 400 });
    redis.pause();

    const failures = await Promise.all(Array.from({ length: 40 }, () => failureOf(client.incr('counter'))));
    redis.resume();

    expect(failures.map(isConnectionFailure)).toEqual(Array.from({ length: 40 }, () => true));
    await waitFor(() => client.ping(), { description: 'the client to recover' });
  });

  it('waits for a late answer as long as the command may take, on the same socket', async () => {
    const { client } = await connect();
    const connectionId = await client.call('CLIENT', 'ID');

    await client.call('CLIENT', 'PAUSE', '2500');

    await expect(client.incr('counter')).resolves.toBe(1);
    await expect(client.call('CLIENT', 'ID')).resolves.toBe(connectionId);
  });

  it('drops the socket and rejects at once when it has been silent for too long', async () => {
    const { client } = await connect({ commandTimeoutMs: 100, socketTimeoutMs: 200 });
    redis.pause();
    await failureOf(client.ping());
    await waitFor(() => client.status !== 'ready', { description: 'the client to give the socket up' });

    const error = await failureOf(client.ping());

    expect(String(error)).toContain('Connection is closed');
    expect(isConnectionFailure(error)).toBe(true);
  });

  it('rejects what is in flight and never sends it again when the connection breaks', async () => {
    const { client } = await connect();
    await using relay = await startRelay(redis.port);
    const relayed = await connect({ url: `redis://127.0.0.1:${relay.port}` });
    relay.swallowReplies();

    const increment = failureOf(relayed.client.incr('counter'));
    await waitFor(async () => (await client.get('counter')) === '1', { description: 'the command to be carried out' });
    relay.breakConnections();

    expect(isConnectionFailure(await increment)).toBe(true);
    await waitFor(() => relayed.client.ping(), { description: 'the client to reconnect' });
    await expect(client.get('counter')).resolves.toBe('1');
  });

  it('rejects at once and logs one line when Redis is gone', async () => {
    const connection = await connect();
    await redis.kill();
    await waitFor(() => log.records.length > 0, { description: 'the outage to be logged' });

    const { client } = connection;
    const errors = await Promise.all([failureOf(client.ping()), failureOf(client.get('key'))]);

    expect(errors.map(isConnectionFailure)).toEqual([true, true]);
    expect(log.messages()).toEqual(['redis connection lost']);
    expect(connection.outage).toMatchObject({
      reason: expect.stringContaining('ECONN'),
      code: expect.stringMatching(/^ECONN/),
    });
  });

  it('looks for another server when this one has become a replica', async () => {
    const connection = await connect();
    const id = await connection.client.client('ID');
    await connection.client.replicaof('127.0.0.1', 1);

    const error = await failureOf(connection.client.set('key', 'value'));

    expect(isConnectionFailure(error)).toBe(true);
    await waitFor(async () => (await connection.client.client('ID')) > id, { description: 'a new connection' });
  });

  it('counts as a connection failure when a script keeps the server busy', async () => {
    const { client } = await connect();
    const other = await connect();
    await other.client.config('SET', 'busy-reply-threshold', '50');
    const stuck = failureOf(other.client.eval('while true do end', 0));

    const error = await waitFor(
      async () => {
        const failure = await failureOf(client.get('key'));
        return String(failure).includes('BUSY') && failure;
      },
      { description: 'the busy reply' },
    );
    await client.script('KILL');

    expect(isConnectionFailure(error)).toBe(true);
    expect(isConnectionFailure(await stuck)).toBe(false);
  });

  it('counts as a connection failure when the memory is used up', async () => {
    const { client } = await connect();
    await client.config('SET', 'maxmemory', '100kb');

    const error = await failureOf(client.eval("return redis.call('SET', KEYS[1], ARGV[1])", 1, 'key', 'value'));

    expect(String(error)).toContain('OOM');
    expect(isConnectionFailure(error)).toBe(true);
  });
});

describe('RedisConnection.close', () => {
  let redis: RedisProcess;
  const log = new RecordedLog();
  const connections: RedisConnection[] = [];

  const connect = async (options: Partial<RedisConnectionOptions> = {}): Promise<RedisConnection> => {
    const connection = await connectRedis({ url: redis.url, ...PATIENT_LIMITS, logger: log, ...options });
    connections.push(connection);
    return connection;
  };

  beforeEach(async () => {
    redis = await startRedis();
  });

  afterEach(async () => {
    await redis.kill();
    await Promise.all(connections.splice(0).map((connection) => connection.close()));
  });

  it('ends all connections without a word and refuses commands when it is called twice', async () => {
    const observer = await connect();
    const connection = await connect();
    connection.subscribe('channel', () => undefined);
    await waitFor(async () => (await observer.client.pubsub('NUMSUB', 'channel'))[1] === 1, {
      description: 'the subscription',
    });

    await Promise.all([connection.close(), connection.close()]);

    await waitFor(
      async () =>
        String(await observer.client.client('LIST'))
          .trim()
          .split('\n').length === 1,
      {
        description: 'only the observer to be connected',
      },
    );
    expect(isConnectionFailure(await failureOf(connection.client.ping()))).toBe(true);
    expect(log.records).toEqual([]);
  });

  it('waits for the replies in flight when it is called', async () => {
    const connection = await connect();

    const reply = connection.client.set('key', 'value');
    await connection.close();

    await expect(reply).resolves.toBe('OK');
  });

  it('resolves when Redis is gone', async () => {
    const connection = await connect();
    await redis.kill();
    await waitFor(() => connection.outage !== null, { description: 'the outage to be noticed' });

    await connection.close();

    expect(isConnectionFailure(await failureOf(connection.client.ping()))).toBe(true);
  });

  it('resolves when Redis hangs', async () => {
    const connection = await connect(SHORT_LIMITS);
    redis.pause();

    await expect(connection.close()).resolves.toBeUndefined();
  });
});

interface Relay extends AsyncDisposable {
  readonly port: number;
  /** From now on requests go through and replies do not, until the connections break. */
  swallowReplies(): void;
  breakConnections(): void;
}

/** Passes connections on to Redis, so that one can break between a command and its reply. */
async function startRelay(redisPort: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  let swallowing = false;
  const server: Server = createServer((caller) => {
    const callee = dial(redisPort, '127.0.0.1');
    for (const socket of [caller, callee]) sockets.add(socket.on('error', () => socket.destroy()));
    caller.pipe(callee);
    callee.on('data', (chunk) => swallowing || caller.write(chunk));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakConnections = (): void => {
    swallowing = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as { port: number }).port,
    swallowReplies: () => {
      swallowing = true;
    },
    breakConnections,
    [Symbol.asyncDispose]: async () => {
      breakConnections();
      server.close();
    },
  };
}
