import {
  askRedis,
  FakeSentinel,
  type RedisCluster,
  type RedisProcess,
  startRedis,
  startRedisCluster,
  TcpFaultProxy,
  waitFor,
} from '@smart-router/testbed';
import { systemClock } from '@smart-router/scheduling';
import { openRedis, type RedisConnectionOptions } from './connect';
import { isConnectionFailure } from './connection-failure';
import type { ConnectionPurpose, RedisConnection } from './redis-connection';
import { defineScripts } from './scripts';
import { PATIENT_LIMITS } from './testing/connection-limits';
import { RecordedLog } from './testing/recorded-log';

const connections: RedisConnection[] = [];
const reopened: ConnectionPurpose[] = [];

async function connect(options: Partial<RedisConnectionOptions> & { readonly url: string }): Promise<RedisConnection> {
  const onReopen = (purpose: ConnectionPurpose): void => void reopened.push(purpose);
  const connection = openRedis({ ...PATIENT_LIMITS, logger: new RecordedLog(), onReopen, ...options });
  connections.push(connection);
  await connection.connect();
  return connection;
}

afterEach(async () => {
  reopened.length = 0;
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
});

const isServing = (connection: RedisConnection): Promise<unknown> =>
  waitFor(() => connection.client.set('key', 'value'), { description: 'the connection to serve again' });

async function listen(connection: RedisConnection): Promise<(string | null)[]> {
  const heard: (string | null)[] = [];
  connection.subscribe('channel', (message) => heard.push(message));
  await waitFor(() => heard.length > 0, { description: 'the subscription' });
  return heard;
}

describe('a client that ends', () => {
  let redis: RedisProcess;
  let cluster: RedisCluster;

  beforeAll(async () => {
    [redis, cluster] = await Promise.all([startRedis(), startRedisCluster({ nodes: 1 })]);
    // A node that never met another does not know its address.
    await askRedis(cluster.nodes[0]?.port ?? 0, 'CONFIG SET cluster-announce-ip 127.0.0.1');
  });
  afterAll(() => Promise.all([redis.kill(), cluster.stop()]));

  const MODES = [
    ['standalone', () => ({ url: redis.url })],
    ['cluster', () => ({ url: cluster.url, mode: 'cluster' as const })],
  ] as const;

  it.each(MODES)('is replaced for commands, scripts and subscriptions in mode %s', async (_mode, options) => {
    const connection = await connect(options());
    const events: string[] = [];
    connection.onDisconnect(() => events.push('lost'));
    connection.onReconnect(() => events.push('back'));
    const { echo } = defineScripts(connection, { echo: { lua: 'return ARGV[1]' } });
    const heard = await listen(connection);
    const { client } = connection;

    client.disconnect();

    await waitFor(() => connection.outage !== null, { description: 'the end to be noticed' });
    await expect(connection.client.get('key').catch(isConnectionFailure)).resolves.toBe(true);
    await waitFor(() => echo(['{tag}key'], ['again']), { description: 'the script to run' });
    const hearsAgain = async (): Promise<boolean> => {
      await connection.client.publish('channel', 'changed');
      return heard.includes('changed');
    };
    await waitFor(hearsAgain, { description: 'a message' });
    // Of a cluster each node's connection counts, too.
    expect([...new Set(events)]).toEqual(['lost', 'back']);
    expect(reopened).toContain('commands');
    expect(connection.client).not.toBe(client);
    expect(connection.outage).toBeNull();
  });

  it('is replaced although only the one of the subscriptions ended', async () => {
    const connection = await connect({ url: redis.url });
    const heard = await listen(connection);

    await connection.client.client('KILL', 'TYPE', 'PUBSUB');

    await waitFor(() => heard.length === 2, { description: 'the subscription to begin again' });
    expect([heard, reopened]).toEqual([[null, null], ['subscriptions']]);
  });

  it.each(MODES)('is not replaced after the connection was closed in mode %s', async (_mode, options) => {
    const connection = await connect({ ...options(), connectionName: 'closed' });
    connection.client.disconnect();

    await connection.close();

    const { client } = connection;
    await expect(client.get('key').catch(isConnectionFailure)).resolves.toBe(true);
    const observer = await connect(options());
    // Longer than every back-off: several of its attempts would have been seen.
    let looks = 0;
    await waitFor(
      async () => {
        expect(String(await observer.client.call('CLIENT', 'LIST'))).not.toContain('name=closed');
        return ++looks === 60;
      },
      { description: 'the looks' },
    );
    expect(connection.client).toBe(client);
  });

  it('is replaced when the cluster names nodes again after it had named none', async () => {
    const [node] = cluster.nodes;
    const connection = await connect({ url: cluster.url, mode: 'cluster' });
    await askRedis(node?.port ?? 0, 'CLUSTER DELSLOTSRANGE 0 16383');
    await waitFor(() => connection.client.get('key').catch(() => connection.outage), { description: 'the outage' });

    await askRedis(node?.port ?? 0, 'CLUSTER ADDSLOTSRANGE 0 16383');

    await isServing(connection);
  });
});

describe('a connection that sentinels find', () => {
  let redis: RedisProcess;
  let sentinel: FakeSentinel;
  let connection: RedisConnection;

  beforeEach(async () => {
    redis = await startRedis();
    sentinel = await FakeSentinel.start(redis.port);
    const { masterName } = sentinel;
    connection = await connect({ url: sentinel.url, mode: 'sentinel', sentinel: { masterName } });
    await waitFor(() => sentinel.listeners > 0, { description: 'the sentinel to be listened to' });
  });

  afterEach(async () => {
    await sentinel.stop();
    await redis.kill();
  });

  it('serves again when a failover is announced while the sentinel is asked for the master', async () => {
    sentinel.delayMs = 400;
    const asked = sentinel.questions;
    await askRedis(redis.port, 'CLIENT KILL TYPE normal');
    await waitFor(() => sentinel.questions > asked, { description: 'the client to ask for the master' });

    sentinel.announceSwitch();

    await isServing(connection);
  });

  const BAD_ANSWERS: readonly (readonly [string, FakeSentinel['master']])[] = [
    ['knows no master', null],
    ['answers without an address', []],
    ['names a port that there is not', ['127.0.0.1', '70000']],
    ['names an address where nobody listens', ['127.0.0.1', '1']],
  ];
  it.each(BAD_ANSWERS)('serves again when the sentinel %s for a while', async (_name, answer) => {
    const { master } = sentinel;
    sentinel.master = answer;
    const asked = sentinel.questions;
    await askRedis(redis.port, 'CLIENT KILL TYPE normal');
    await waitFor(() => sentinel.questions > asked + 2, { description: 'further attempts' });

    sentinel.master = master;

    await isServing(connection);
  });

  it('serves again when the sentinel named a replica for a while', async () => {
    await using replica = await replicaOf(redis);
    const { master } = sentinel;
    sentinel.master = ['127.0.0.1', `${replica.port}`];
    const asked = sentinel.questions;
    await askRedis(redis.port, 'CLIENT KILL TYPE normal');
    await waitFor(() => sentinel.questions > asked + 2, { description: 'further attempts' });
    expect(connection.outage).not.toBeNull();

    sentinel.master = master;

    await isServing(connection);
  });

  it('keeps no connection to a sentinel of the clients before', async () => {
    for (let time = 1; time <= 3; time++) {
      await askRedis(redis.port, 'CLIENT KILL TYPE normal');
      await waitFor(() => reopened.length >= time, { description: 'the connection to be opened again' });
    }

    await waitFor(() => sentinel.listeners === 1, { description: 'the other listeners to go' });
  });
});

async function replicaOf({ port }: RedisProcess): Promise<RedisProcess & AsyncDisposable> {
  const replica = await startRedis({ args: ['--replicaof', `127.0.0.1 ${port}`] });
  return { ...replica, [Symbol.asyncDispose]: () => replica.kill() };
}

describe('a connection under one fault after the other', () => {
  const STEPS = 25;
  let redis: RedisProcess;
  let line: TcpFaultProxy;
  let sentinel: FakeSentinel;

  beforeEach(async () => {
    redis = await startRedis();
    line = await TcpFaultProxy.start({ target: `127.0.0.1:${redis.port}` });
    sentinel = await FakeSentinel.start(line.port);
  });

  afterEach(async () => {
    await sentinel.stop();
    await line.close();
    await redis.kill();
  });

  const faults = (): readonly (() => unknown)[] => [
    () => line.reset(),
    () => line.refuse(),
    () => line.heal(),
    () => askRedis(redis.port, 'CONFIG SET requirepass secret'),
    () => askRedis(redis.port, 'REPLICAOF 127.0.0.1 1'),
    () => askRedis(redis.port, 'CONFIG SET maxclients 1'),
    () => sentinel.announceSwitch(),
    () => (sentinel.delayMs = 300),
    () => (sentinel.master = null),
    () => (sentinel.master = ['127.0.0.1', '70000']),
  ];

  it.each([
    ['standalone', 1],
    ['standalone', 2],
    ['sentinel', 3],
    ['sentinel', 4],
  ] as const)('serves in the end in mode %s with seed %i', async (mode, seed) => {
    const random = seededRandom(seed);
    const { masterName } = sentinel;
    const url = mode === 'sentinel' ? sentinel.url : `redis://127.0.0.1:${line.port}`;
    const limits = { connectTimeoutMs: 200, commandTimeoutMs: 200, socketTimeoutMs: 400 };
    const connection = await connect({ url, mode, sentinel: { masterName }, ...limits });
    const heard = await listen(connection);
    for (let step = 0; step < STEPS; step++) {
      const fault = faults()[Math.floor(random() * faults().length)];
      await Promise.resolve(fault?.()).catch(() => undefined);
      await connection.client.set('key', 'value').catch(() => undefined);
      // Faults meet the connection in every state: this spreads them and waits for nothing.
      await systemClock.sleep(random() * 150, new AbortController().signal);
    }
    const before = heard.length;

    await heal();

    await isServing(connection);
    line.reset();
    await waitFor(() => heard.length > before, { description: 'the subscriptions to begin again' });
    await isServing(connection);
  });

  /** Past its password and its limit of clients: by the signals of its process alone it could not be set right. */
  async function heal(): Promise<void> {
    await line.heal();
    sentinel.delayMs = 0;
    sentinel.master = ['127.0.0.1', `${line.port}`];
    await redis.kill();
    redis = await startRedis({ port: redis.port });
  }
});

/** Mulberry32: small, and the same on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
