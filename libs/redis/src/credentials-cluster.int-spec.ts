import { type RedisCluster, startRedisCluster, waitFor } from '@smart-router/testbed';
import { Redis } from 'ioredis';
import { connectRedis } from './testing/connect-redis';
import type { RedisConnection } from './redis-connection';
import { PATIENT_LIMITS } from './testing/connection-limits';
import { RecordedLog } from './testing/recorded-log';

const KEYS = Array.from({ length: 30 }, (_, index) => `{tag-${index}}:counter`);

describe('RedisConnection.useCredentials on a cluster', () => {
  let cluster: RedisCluster;
  let admins: readonly Redis[];
  let connection: RedisConnection;
  let log: RecordedLog;

  const urlWith = (password: string): string => cluster.url.replaceAll('//', `//router:${password}@`);
  const onEachNode = (...command: [string, ...string[]]): Promise<unknown> =>
    Promise.all(admins.map((admin) => admin.call(...command)));

  beforeEach(async () => {
    cluster = await startRedisCluster({ nodes: 3 });
    admins = cluster.urls.map((url) => new Redis(url));
    await onEachNode('ACL', 'SETUSER', 'router', 'on', '>old', '>new', '~*', '&*', '+@all');
    log = new RecordedLog();
    const limits = { ...PATIENT_LIMITS, connectTimeoutMs: 3_000 };
    connection = await connectRedis({ url: urlWith('old'), ...limits, logger: log });
  });

  afterEach(async () => {
    await connection.close();
    for (const admin of admins) admin.disconnect();
    await cluster.stop();
  });

  it('replaces the connections to all nodes, and no command fails', async () => {
    const failures: unknown[] = [];
    let isOver = false;
    const traffic = async (key: string): Promise<void> => {
      while (!isOver) await connection.client.incr(key).catch((error: unknown) => failures.push(error));
    };
    const running = KEYS.map(traffic);
    connection.useCredentials({ url: urlWith('new') });
    await waitFor(() => log.messages().includes('redis credentials replaced'), { description: 'the new credentials' });
    isOver = true;
    await Promise.all(running);
    expect(failures).toEqual([]);
    await onEachNode('ACL', 'SETUSER', 'router', '<old');
    await onEachNode('CLIENT', 'KILL', 'USER', 'router');
    await waitFor(
      async () => {
        const replies = await Promise.allSettled(KEYS.map((key) => connection.client.incr(key)));
        return replies.every(({ status }) => status === 'fulfilled');
      },
      { timeoutMs: 20_000, description: 'every node' },
    );
  });

  it('stays with the former credentials as long as the nodes refuse the new ones', async () => {
    connection.useCredentials({ url: urlWith('unknown') });
    await waitFor(() => connection.credentialsRefused, { timeoutMs: 20_000, description: 'the refusal' });
    await Promise.all(KEYS.map((key) => connection.client.incr(key)));
    expect(log.messages()).toEqual(['redis credentials not replaced, the former ones stay in use']);
  });
});
