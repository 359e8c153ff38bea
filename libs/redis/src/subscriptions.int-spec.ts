import { type RedisProcess, startRedis, waitFor } from '@smart-router/testbed';
import { connectRedis } from './testing/connect-redis';
import { PATIENT_LIMITS } from './testing/connection-limits';
import { RecordedLog } from './testing/recorded-log';
import type { RedisConnection } from './redis-connection';

describe('RedisConnection.subscribe', () => {
  let redis: RedisProcess;
  let connection: RedisConnection;
  let log: RecordedLog;

  beforeEach(async () => {
    log = new RecordedLog();
    redis = await startRedis();
    connection = await connectRedis({ url: redis.url, ...PATIENT_LIMITS, logger: log });
  });

  afterEach(async () => {
    await connection.close();
    await redis.kill();
  });

  /** Subscribes and waits until the subscription is in place. */
  const listen = async (channel: string): Promise<{ heard: (string | null)[]; end: () => void }> => {
    const heard: (string | null)[] = [];
    const end = connection.subscribe(channel, (message) => heard.push(message));
    await waitFor(() => heard.length > 0, { description: `the subscription of ${channel}` });
    return { heard, end };
  };

  it('reports that messages may have been missed when the subscription is in place', async () => {
    const { heard } = await listen('config');

    expect(heard).toEqual([null]);
  });

  it('calls every listener of the channel and no other when a message comes', async () => {
    const first = await listen('config');
    const other = await listen('reconcile');
    const second: (string | null)[] = [];
    connection.subscribe('config', (message) => second.push(message));

    await connection.client.publish('config', 'changed');

    await waitFor(() => second.length > 0 && first.heard.length > 1, { description: 'the message' });
    expect([first.heard, second, other.heard]).toEqual([[null, 'changed'], ['changed'], [null]]);
  });

  it('continues with the other listeners when one throws', async () => {
    connection.subscribe('config', () => {
      throw new Error('listener broke');
    });
    const { heard } = await listen('config-2');
    const other: (string | null)[] = [];
    connection.subscribe('config', (message) => other.push(message));

    await connection.client.publish('config', 'changed');

    await waitFor(() => other.includes('changed'), { description: 'the message' });
    expect(heard).toEqual([null]);
    expect(log.messages()).toContain('redis subscription listener failed');
  });

  it('stops calling when the subscription has ended', async () => {
    const { heard, end } = await listen('config');
    end();
    end();

    await waitFor(async () => (await connection.client.publish('config', 'changed')) === 0, {
      description: 'Redis to forget the subscription',
    });
    expect(heard).toEqual([null]);
  });

  it('hears messages again when the connection was killed', async () => {
    const { heard } = await listen('config');
    await connection.client.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await waitFor(() => heard.length > 1, { description: 'the subscription to be renewed' });

    await connection.client.publish('config', 'changed');

    await waitFor(() => heard.length > 2, { description: 'the message' });
    expect(heard).toEqual([null, null, 'changed']);
    expect(log.messages()).toEqual(['redis connection lost', 'redis connection restored']);
  });

  it('does not come into being when it ends before it is in place', async () => {
    const heard: (string | null)[] = [];
    connection.subscribe('config', (message) => heard.push(message))();
    await listen('other');

    await expect(connection.client.publish('config', 'changed')).resolves.toBe(0);
    expect(heard).toEqual([]);
  });

  it('throws when the connection is closed', async () => {
    await connection.close();

    expect(() => connection.subscribe('config', () => undefined)).toThrow('the connection to Redis is closed');
  });

  it('begins again when it was not answered in time on a connection that lasts', async () => {
    const limits = { ...PATIENT_LIMITS, commandTimeoutMs: 200 };
    const hasty = await connectRedis({ url: redis.url, ...limits, socketTimeoutMs: 20_000, logger: log });
    try {
      const first: (string | null)[] = [];
      hasty.subscribe('first', (message) => first.push(message));
      await waitFor(() => first.length > 0, { description: 'the connection for subscriptions' });
      await connection.client.client('PAUSE', 1_000);
      const heard: (string | null)[] = [];

      hasty.subscribe('second', (message) => heard.push(message));

      await waitFor(() => heard.length > 0, { description: 'the subscription' });
      expect(log.messages()).toContain('redis subscription failed');
    } finally {
      await hasty.close();
    }
  });
});
