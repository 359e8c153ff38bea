import { type RedisProcess, startRedis, waitFor } from '@smart-router/testbed';
import { clientFactory, type RedisClient } from './client';
import { openRedis } from './connect';
import { parseEndpoints } from './endpoints';
import { RedisUnreachableError } from './errors';
import { RedisConnection } from './redis-connection';
import { defineScripts } from './scripts';
import { PATIENT_LIMITS } from './testing/connection-limits';
import { RecordedLog } from './testing/recorded-log';

const UNCHANGED = { replace: () => undefined, isOutdated: () => false };

describe('RedisConnection.connect, once more', () => {
  let redis: RedisProcess;
  let connection: RedisConnection;
  const log = new RecordedLog();

  beforeEach(async () => {
    redis = await startRedis();
    connection = openRedis({ url: redis.url, ...PATIENT_LIMITS, logger: log });
  });

  afterEach(async () => {
    await connection.close();
    await redis.kill();
  });

  it('serves commands and subscriptions again after it was closed', async () => {
    await connection.connect();
    const { increment } = defineScripts(connection, { increment: { lua: "return redis.call('INCR', KEYS[1])" } });
    await increment(['counter'], []);
    connection.subscribe('channel', () => undefined);
    await connection.close();

    await connection.connect();

    const heard: (string | null)[] = [];
    connection.subscribe('channel', (message) => heard.push(message));
    await waitFor(() => heard.length > 0, { description: 'the subscription' });
    await connection.client.publish('channel', 'changed');
    await waitFor(() => heard.length > 1, { description: 'the message' });
    expect(await increment(['counter'], [])).toBe(2);
  });

  it('notifies those who listened before of every connection', async () => {
    const notified: string[] = [];
    connection.onReconnect(() => notified.push('connected'));
    connection.onDisconnect(() => notified.push('disconnected'));
    await connection.connect();
    await connection.close();
    await waitFor(() => notified.length === 2, { description: 'the end of the first connection' });

    await connection.connect();

    expect(notified).toEqual(['connected', 'disconnected', 'connected']);
  });

  it('connects after it had given up', async () => {
    await redis.stop();
    const gaveUp = AbortSignal.abort();
    await expect(connection.connect(gaveUp)).rejects.toThrow(RedisUnreachableError);
    redis = await startRedis({ port: redis.port });

    await connection.connect();

    await expect(connection.client.ping()).resolves.toBe('PONG');
  });

  it('leaves no client behind when it gives up', async () => {
    const made: RedisClient[] = [];
    const timings = { connectTimeoutMs: 1_000, commandTimeoutMs: 800, socketTimeoutMs: 1_500 };
    const create = clientFactory(parseEndpoints(redis.url), timings);
    const failing = new RedisConnection({
      endpoint: redis.url,
      clientFactory: () => () => {
        made.push(create());
        return made.at(-1) as RedisClient;
      },
      check: () => Promise.reject(new Error('not fit')),
      attemptTimeoutMs: 5_000,
      startTimeoutMs: 1_000,
      logger: log,
      credentials: UNCHANGED,
    });
    failing.subscribe('channel', () => undefined);

    await expect(failing.connect()).rejects.toThrow('not fit');

    expect(made.length).toBeGreaterThan(2);
    await waitFor(() => made.every(({ status }) => status === 'end'), { description: 'all to end' });
  });

  it('leaves no client behind when it is closed at the moment of its opening', async () => {
    const made: RedisClient[] = [];
    const timings = { connectTimeoutMs: 1_000, commandTimeoutMs: 800, socketTimeoutMs: 1_500 };
    const create = clientFactory(parseEndpoints(redis.url), timings);
    const closing: RedisConnection = new RedisConnection({
      endpoint: redis.url,
      clientFactory: () => () => {
        made.push(create());
        return made.at(-1) as RedisClient;
      },
      // Settles in the same tick as the check, which is then the first to settle.
      check: async () => void Promise.resolve().then(() => closing.close()),
      attemptTimeoutMs: 5_000,
      startTimeoutMs: 5_000,
      logger: log,
      credentials: UNCHANGED,
    });

    await closing.connect().catch(() => undefined);
    await closing.close();

    await waitFor(() => made.every(({ status }) => status === 'end'), { description: 'all to end' });
  });

  it('is open although an attempt that was closed before gives up after it', async () => {
    redis.pause();
    const first = connection.connect().catch((error: unknown) => error);
    const closing = connection.close();
    redis.resume();

    await connection.connect();

    await closing;
    expect(await first).toBeInstanceOf(RedisUnreachableError);
    expect(() => connection.subscribe('channel', () => undefined)).not.toThrow();
  });

  it('is closed no sooner for who closes it once more', async () => {
    await connection.connect();
    const ends: string[] = [];

    await Promise.all(['first', 'second'].map((one) => connection.close().then(() => ends.push(one))));

    expect(ends).toEqual(['first', 'second']);
  });

  it('recovers from outages as before, although it was closed during one', async () => {
    await connection.connect();
    await redis.kill();
    await waitFor(() => connection.outage !== null, { description: 'the outage to be noticed' });
    await connection.close();
    redis = await startRedis({ port: redis.port });
    await connection.connect();
    await redis.stop();
    redis = await startRedis({ port: redis.port });

    await waitFor(() => connection.client.ping(), { description: 'the client to recover' });
  });
});
