import { type RedisProcess, startRedis, waitFor } from '@smart-router/testbed';
import { Redis } from 'ioredis';
import { connectRedis } from './testing/connect-redis';
import { InvalidRedisUrlError } from './errors';
import type { RedisConnection } from './redis-connection';
import { PATIENT_LIMITS } from './testing/connection-limits';
import { RecordedLog } from './testing/recorded-log';

/** A user with two passwords, as while one of them is replaced by the other. */
const USER = ['ACL', 'SETUSER', 'router', 'on', '>old', '>new', '~*', '&*', '+@all'] as const;

/** How long the client holds a timer after a refused attempt. */
const LIMITS = { ...PATIENT_LIMITS, connectTimeoutMs: 3_000 };

let redis: RedisProcess;
let admin: Redis;
let connection: RedisConnection;
let log: RecordedLog;

const urlWith = (password: string, user = 'router'): string => redis.url.replace('//', `//${user}:${password}@`);
const acl = (...rules: string[]): Promise<unknown> => admin.call('ACL', 'SETUSER', 'router', ...rules);
const connectionsOf = async (): Promise<number> =>
  String(await admin.call('CLIENT', 'LIST')).split('user=router').length - 1;

beforeEach(async () => {
  redis = await startRedis();
  admin = new Redis(redis.url);
  await admin.call(...(USER as unknown as [string]));
  log = new RecordedLog();
  connection = await connectRedis({ url: urlWith('old'), ...LIMITS, logger: log });
});

afterEach(async () => {
  await connection.close();
  admin.disconnect();
  await redis.kill();
});

/** Takes the connections of the router away, as a restart of Redis does. */
async function cut(): Promise<void> {
  await admin.call('CLIENT', 'KILL', 'USER', 'router');
}

const isUsable = (): Promise<unknown> =>
  waitFor(async () => (await connection.client.ping().catch(() => '')) === 'PONG', { description: 'the connection' });

const replaced = (): Promise<unknown> =>
  waitFor(() => log.messages().includes('redis credentials replaced'), { description: 'the new credentials' });

describe('RedisConnection.useCredentials', () => {
  it('replaces the connections in use, and no command fails or waits for a reconnection', async () => {
    const failures: unknown[] = [];
    let isOver = false;
    const traffic = async (): Promise<void> => {
      while (!isOver) await connection.client.incr('counter').catch((error: unknown) => failures.push(error));
    };
    const running = [traffic(), traffic(), traffic()];
    const before = connection.client;
    connection.useCredentials({ url: urlWith('new') });
    await replaced();
    await acl('<old');
    isOver = true;
    await Promise.all(running);
    expect(failures).toEqual([]);
    expect(connection.client).not.toBe(before);
    expect(connection.outage).toBeNull();
    expect(log.messages()).toEqual(['redis credentials replaced']);
  });

  it('opens connections with the new password only, once the old one is gone', async () => {
    connection.useCredentials({ url: urlWith('new') });
    await replaced();
    await acl('<old');
    await cut();
    await isUsable();
  });

  it('replaces the connection of subscriptions, too', async () => {
    const heard: (string | null)[] = [];
    connection.subscribe('channel', (message) => heard.push(message));
    await waitFor(() => heard.length === 1, { description: 'the subscription' });
    connection.useCredentials({ url: urlWith('new') });
    await waitFor(() => heard.length === 2, { description: 'the next subscription' });
    await replaced();
    await acl('<old');
    await cut();
    await waitFor(() => heard.length === 3, { description: 'the subscription after an outage' });
    await admin.publish('channel', 'changed');
    await waitFor(() => heard.includes('changed'), { description: 'the message' });
  });

  it('keeps the former password where Redis does not know the new one yet, and changes when it does', async () => {
    await acl('<new');
    const before = connection.client;
    connection.useCredentials({ url: urlWith('new') });
    await waitFor(() => connection.credentialsRefused, { description: 'the refusal' });
    expect(connection.client).toBe(before);
    await cut();
    await isUsable();
    await acl('>new');
    await replaced();
    expect(connection.credentialsRefused).toBe(false);
    await acl('<old');
    await cut();
    await isUsable();
  });

  it('changes by itself, without an outage, when Redis knows the new password', async () => {
    await acl('<new');
    connection.useCredentials({ url: urlWith('new') });
    await waitFor(() => connection.credentialsRefused, { description: 'the refusal' });
    await acl('>new');
    await replaced();
    expect(connection.credentialsRefused).toBe(false);
    expect(log.messages()).toEqual([
      'redis credentials not replaced, the former ones stay in use',
      'redis credentials replaced',
    ]);
  });

  it('reports a refusal once, by the words of Redis and without the password', async () => {
    await acl('<new');
    connection.useCredentials({ url: urlWith('new') });
    await waitFor(() => connection.credentialsRefused, { description: 'the refusal' });
    expect(log.records).toEqual([
      {
        level: 'warn',
        message: 'redis credentials not replaced, the former ones stay in use',
        fields: { endpoint: redis.url, reason: expect.stringMatching(/^WRONGPASS/) },
      },
    ]);
  });

  it('uses another user', async () => {
    await admin.call('ACL', 'SETUSER', 'other', 'on', '>secret', '~*', '&*', '+@all');
    connection.useCredentials({ url: urlWith('secret', 'other') });
    await replaced();
    expect(await connection.client.call('ACL', 'WHOAMI')).toBe('other');
  });

  it('ends the connection that was replaced when its commands have run out of time', async () => {
    await connection.close();
    const limits = { startTimeoutMs: 20_000, connectTimeoutMs: 100, commandTimeoutMs: 100, socketTimeoutMs: 200 };
    connection = await connectRedis({ url: urlWith('old'), ...limits, logger: log });
    connection.useCredentials({ url: urlWith('new') });
    await replaced();
    await waitFor(async () => (await connectionsOf()) === 1, { description: 'the end of the first connection' });
    await isUsable();
  });

  it('leaves no connection behind when it is closed after it was replaced', async () => {
    connection.useCredentials({ url: urlWith('new') });
    await replaced();
    await connection.close();
    await waitFor(async () => (await connectionsOf()) === 0, { description: 'the end of all connections' });
  });

  it('refuses another server or database, and changes nothing', async () => {
    expect(() => connection.useCredentials({ url: `${urlWith('new')}/1` })).toThrow(InvalidRedisUrlError);
    expect(() => connection.useCredentials({ url: 'redis://elsewhere:6379' })).toThrow(InvalidRedisUrlError);
    await cut();
    await isUsable();
  });
});
