import { Cluster, Redis } from 'ioredis';
import { type ClientNames, clientFactory, type RedisClient, retryDelayMs } from './client';
import { type Endpoints, parseEndpoints } from './endpoints';

const TIMINGS = { connectTimeoutMs: 1_000, commandTimeoutMs: 500, socketTimeoutMs: 1_500 };
const createClient = (endpoints: Endpoints, timings: typeof TIMINGS, names?: ClientNames): RedisClient =>
  clientFactory(endpoints, timings, names)();
const clientFor = (url: string): RedisClient =>
  createClient(parseEndpoints(url), TIMINGS, { connectionName: 'router' });

describe('retryDelayMs', () => {
  it('grows with the attempts up to one second when there is no jitter', () => {
    const delays = [1, 2, 3, 4, 5, 6, 1_000].map((attempt) => retryDelayMs(attempt, () => 1));

    expect(delays).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000]);
  });

  it('takes off up to half when there is jitter', () => {
    expect(retryDelayMs(3, () => 0)).toBe(200);
  });
});

describe('clientFactory', () => {
  it('makes a client that queues and repeats nothing when the URL is of one Redis', () => {
    const client = clientFor('redis://app:secret@cache:6380/2');

    expect(client).toBeInstanceOf(Redis);
    expect(client.options).toMatchObject({
      host: 'cache',
      port: 6380,
      db: 2,
      username: 'app',
      password: 'secret',
      connectionName: 'router',
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      connectTimeout: 1_000,
      socketTimeout: 1_500,
    });
    expect(client.options).not.toHaveProperty('tls');
  });

  it('makes a client with TLS when the scheme is rediss', () => {
    expect(clientFor('rediss://cache').options).toMatchObject({ tls: {} });
  });

  it('makes a client that asks the sentinels for the master when the mode is sentinel', () => {
    const sentinel = { masterName: 'calls', username: 'watcher', password: 'other' };
    const client = createClient(parseEndpoints('rediss://app:secret@s1/2,rediss://s2', 'sentinel'), TIMINGS, {
      sentinel,
    });

    expect(client.options).toMatchObject({
      sentinels: [
        { host: 's1', port: 26379 },
        { host: 's2', port: 26379 },
      ],
      name: 'calls',
      role: 'master',
      failoverDetector: true,
      sentinelUsername: 'watcher',
      sentinelPassword: 'other',
      username: 'app',
      password: 'secret',
      db: 2,
      tls: {},
      enableTLSForSentinelMode: true,
      sentinelTLS: {},
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
    });
  });

  it('checks the certificates of sentinels and servers with the same authorities when they are given', () => {
    const names = { sentinel: { masterName: 'calls' }, tlsCa: 'PEM' };
    const client = createClient(parseEndpoints('rediss://s1', 'sentinel'), TIMINGS, names);

    expect(client.options).toMatchObject({ tls: { ca: 'PEM' }, sentinelTLS: { ca: 'PEM' } });
  });

  it('throws when the sentinels are asked for no name', () => {
    expect(() => createClient(parseEndpoints('redis://s1', 'sentinel'), TIMINGS)).toThrow('name of a master');
  });

  it('gives every node the credentials and TLS when the URL is of a cluster', () => {
    const client = clientFor('rediss://:secret@a:7000,rediss://b:7001');

    expect(client).toBeInstanceOf(Cluster);
    expect(client.options).toMatchObject({
      enableOfflineQueue: false,
      redisOptions: { password: 'secret', tls: {}, maxRetriesPerRequest: 0 },
    });
  });
});
