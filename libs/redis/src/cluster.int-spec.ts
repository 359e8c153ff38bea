import type { Cluster } from 'ioredis';
import {
  askRedis,
  type RedisCluster,
  type RedisProcess,
  SlotMigration,
  startRedisCluster,
  waitFor,
} from '@smart-router/testbed';
import { connectRedis } from './testing/connect-redis';
import { isConnectionFailure } from './connection-failure';
import { PATIENT_LIMITS } from './testing/connection-limits';
import { RecordedLog } from './testing/recorded-log';
import type { RedisConnection } from './redis-connection';
import { defineScripts } from './scripts';

const KEYS = Array.from({ length: 30 }, (_, index) => `{tag-${index}}:counter`);
/** A command is given up after this, which a node that stands still for a moment does not reach. */
const HANG_MS = 3_000;
const INCREMENT = "return redis.call('INCR', KEYS[1])";

async function failuresOf(commands: readonly Promise<unknown>[]): Promise<unknown[]> {
  const results = await Promise.allSettled(commands);
  return results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
}

describe('connectRedis to a cluster', () => {
  let cluster: RedisCluster;
  let log: RecordedLog;
  let connection: RedisConnection;

  beforeAll(async () => {
    cluster = await startRedisCluster({ nodes: 3 });
  });

  afterAll(() => cluster.stop());

  beforeEach(async () => {
    log = new RecordedLog();
    connection = await connectRedis({ url: cluster.url, ...PATIENT_LIMITS, logger: log });
    await Promise.all(KEYS.map((key) => connection.client.set(key, 0)));
  });

  afterEach(() => connection.close());

  it('runs scripts on every node at once when they are called right after the start', async () => {
    const { increment } = defineScripts(connection, { increment: { lua: INCREMENT, numberOfKeys: 1 } });

    const replies = await Promise.all(KEYS.map((key) => increment([key], [])));

    expect(replies).toEqual(KEYS.map(() => 1));
    expect(log.records).toEqual([]);
  });

  it('finds the other nodes when it knows one', async () => {
    const [url = ''] = cluster.urls;
    const other = await connectRedis({ url, mode: 'cluster', ...PATIENT_LIMITS, logger: log });

    const replies = await Promise.all(KEYS.map((key) => other.client.set(key, 0)));

    expect(new Set(replies)).toEqual(new Set(['OK']));
    await other.close();
  });

  it('rejects in time only what the node holds when a node hangs, and recovers', async () => {
    const limits = { ...PATIENT_LIMITS, commandTimeoutMs: HANG_MS };
    const hasty = await connectRedis({ url: cluster.url, ...limits, logger: log });
    const [hanging] = cluster.nodes;
    hanging?.pause();

    const failures = await failuresOf(KEYS.map((key) => hasty.client.incr(key)));
    hanging?.resume();

    expect(failures.length).toBeGreaterThan(0);
    expect(failures.length).toBeLessThan(KEYS.length);
    expect(failures.every(isConnectionFailure)).toBe(true);
    await waitFor(async () => (await Promise.all(KEYS.map((key) => hasty.client.get(key)))).every(Boolean), {
      description: 'all nodes to serve',
    });
    await hasty.close();
  });

  it('hears messages again when the subscriber connection was killed', async () => {
    const heard: (string | null)[] = [];
    connection.subscribe('config', (message) => heard.push(message));
    await waitFor(() => heard.length > 0, { description: 'the subscription' });
    const killed = await Promise.all(
      cluster.nodes.map(async ({ url }) => {
        const node = await connectRedis({ url, ...PATIENT_LIMITS, logger: log });
        const count = await node.client.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
        await node.close();
        return count;
      }),
    );
    expect(killed.reduce<number>((sum, count) => sum + Number(count), 0)).toBe(1);

    await waitFor(
      async () => {
        await connection.client.publish('config', 'changed');
        return heard.includes('changed');
      },
      { description: 'a message after the renewal' },
    );
  });
});

describe('a connection to a cluster of which a slot is moved', () => {
  let cluster: RedisCluster;
  let connection: RedisConnection;
  let migration: SlotMigration;
  const keys = ['{slot}:a', '{slot}:b'] as const;

  beforeEach(async () => {
    cluster = await startRedisCluster({ nodes: 3 });
    const limits = { ...PATIENT_LIMITS, commandTimeoutMs: 250 };
    connection = await connectRedis({ url: cluster.url, ...limits, logger: new RecordedLog() });
    for (const key of keys) await connection.client.set(key, 0);
    // All nodes know the script.
    await Promise.all(KEYS.map(increment));
    migration = await SlotMigration.begin(cluster, keys[0]);
  });

  afterEach(async () => {
    await connection.close();
    await cluster.stop();
  });

  const increment = (key: string): Promise<unknown> =>
    defineScripts(connection, { increment: { lua: INCREMENT, numberOfKeys: 1 } }).increment([key], []);

  it('runs no script on either node, and repeats none that was given up', async () => {
    await migration.move(keys[0]);
    const failures = await failuresOf(keys.map(increment));
    // What the client holds back it repeats together, some of it by way of another node.
    const later = Array.from({ length: 20 }, () => increment('{slot}:c'));
    await migration.move(keys[1]);
    await migration.end();
    await Promise.allSettled(later);
    await waitFor(() => increment('{slot}:c').catch(() => null), { description: 'the slot on its new node' });

    expect(failures).toHaveLength(keys.length);
    expect(failures.filter((failure) => !isConnectionFailure(failure))).toEqual([]);
    expect(await connection.client.mget(...keys)).toEqual(['0', '0']);
  });
});

describe('a connection to a cluster of which one node is replaced', () => {
  const KEY = '{slot}:a';
  let cluster: RedisCluster;
  let connection: RedisConnection;
  let replica: RedisProcess;
  let heard: string[];

  beforeEach(async () => {
    heard = [];
    cluster = await startRedisCluster({ nodes: 3 });
    const slot = await askRedis(cluster.nodes[0]?.port ?? 0, `CLUSTER KEYSLOT ${KEY}`);
    replica = await cluster.addReplica(Math.floor((Number(slot) * 3) / 16_384));
    connection = await connectRedis({ url: cluster.url, ...PATIENT_LIMITS, logger: new RecordedLog() });
    // Both servers are known before the failover: that a node was found is reported, too.
    await connection.client.set(KEY, 'before');
    await waitFor(() => (connection.client as Cluster).nodes('slave').length === 1, {
      description: 'the replica to be known',
    });
    connection.onDisconnect(() => heard.push('lost'));
    connection.onReconnect(() => heard.push('ready'));
  });

  afterEach(async () => {
    await connection.close();
    await cluster.stop();
  });

  const succeeded = () =>
    connection.client.set(KEY, 'after').then(
      () => true,
      () => false,
    );

  it('reports the loss when the replica takes over from a master that lives on', async () => {
    await askRedis(replica.port, 'CLUSTER FAILOVER TAKEOVER');
    await waitFor(
      async () => (await succeeded()) && (await askRedis(replica.port, 'INFO replication')).includes('role:master'),
      {
        description: 'a write after the takeover',
      },
    );
    await waitFor(() => heard.includes('ready'), { description: 'the loss to be reported' });
    expect(heard.slice(0, 2)).toEqual(['lost', 'ready']);
  });

  it('reports the loss when the connections of one node are cut', async () => {
    const slot = Number(await askRedis(replica.port, `CLUSTER KEYSLOT ${KEY}`));
    const master = cluster.nodes[Math.floor((slot * 3) / 16_384)];
    await askRedis(master?.port ?? 0, 'CLIENT KILL TYPE normal SKIPME yes');
    await waitFor(async () => (await succeeded()) && heard.includes('ready'), { description: 'the node to be back' });
    expect(heard.slice(0, 2)).toEqual(['lost', 'ready']);
  });
});

describe('a connection to a cluster that breaks', () => {
  let cluster: RedisCluster;
  let connection: RedisConnection;

  beforeEach(async () => {
    // So that it soon notices the loss of a node.
    cluster = await startRedisCluster({ nodes: 3, nodeTimeoutMs: 2_000 });
    connection = await connectRedis({ url: cluster.url, ...PATIENT_LIMITS, logger: new RecordedLog() });
  });

  afterEach(async () => {
    await connection.close();
    await cluster.stop();
  });

  it('rejects with connection failures when all nodes are gone', async () => {
    await Promise.all(cluster.nodes.map((node) => node.kill()));

    const reasons = await failuresOf(KEYS.map((key) => connection.client.get(key)));

    expect(reasons).toHaveLength(KEYS.length);
    expect(reasons.filter((reason) => !isConnectionFailure(reason))).toEqual([]);
  });

  it('rejects with connection failures when a part of the slots is not served', async () => {
    const [lost] = cluster.nodes;
    await lost?.kill();

    let reasons: unknown[] = [];
    await waitFor(
      async () => {
        reasons = await failuresOf(KEYS.map((key) => connection.client.get(key)));
        return reasons.some((reason) => String(reason).includes('CLUSTERDOWN'));
      },
      { description: 'the cluster to be down' },
    );

    expect(reasons.filter((reason) => !isConnectionFailure(reason))).toEqual([]);
  });

  it('closes when all nodes are gone', async () => {
    await Promise.all(cluster.nodes.map((node) => node.kill()));

    await expect(connection.close()).resolves.toBeUndefined();
  });
});
