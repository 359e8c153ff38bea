import { askRedis, type RedisProcess, startRedis, startRedisCluster, waitFor } from '@smart-router/testbed';
import { connectRedis } from './testing/connect-redis';
import { UnconfirmedWriteError } from './errors';
import type { RedisConnection } from './redis-connection';
import { ReplicationBarrier } from './replication-barrier';
import { PATIENT_LIMITS } from './testing/connection-limits';
import { RecordedLog } from './testing/recorded-log';

/** Longer than a replica needs that stands still for a moment, and shorter than a command may take. */
const WAIT_MS = 5_000;

const connect = (url: string): Promise<RedisConnection> =>
  connectRedis({ url, ...PATIENT_LIMITS, logger: new RecordedLog() });

describe('ReplicationBarrier', () => {
  let master: RedisProcess;
  let replica: RedisProcess;
  let connection: RedisConnection;

  beforeAll(async () => {
    master = await startRedis();
    replica = await startRedis({ args: ['--replicaof', `127.0.0.1 ${master.port}`] });
    const isInStep = async () => (await askRedis(master.port, 'INFO replication')).includes('state=online');
    await waitFor(isInStep, { description: 'the replica to be in step' });
    connection = await connect(master.url);
  });
  afterEach(() => replica.resume());
  afterAll(async () => {
    await connection?.close();
    await replica?.kill();
    await master?.kill();
  });

  const barrier = (replicas: number, timeoutMs: number) => new ReplicationBarrier(connection, { replicas, timeoutMs });

  it('lets pass what a replica has', async () => {
    await Promise.all([connection.client.set('key', 'value'), barrier(1, WAIT_MS).confirm()]);
    expect(await askRedis(replica.port, 'GET key')).toBe('value');
  });

  it('throws when no replica answers in time', async () => {
    replica.pause();
    const write = Promise.all([connection.client.set('key', 'other'), barrier(1, 50).confirm()]);
    await expect(write).rejects.toBeInstanceOf(UnconfirmedWriteError);
  });

  it('throws when more replicas are asked for than there are', async () => {
    await Promise.all([connection.client.set('key', 'value'), barrier(1, WAIT_MS).confirm()]);

    await expect(barrier(2, 50).confirm()).rejects.toMatchObject({
      code: 'UNCONFIRMED_WRITE',
      requiredReplicas: 2,
      confirmedBy: 1,
    });
  });

  it('shares one WAIT among the writes of one tick of the event loop', async () => {
    const { client } = connection;
    const together = barrier(1, WAIT_MS);
    await client.config('RESETSTAT');
    await Promise.all(
      Array.from({ length: 100 }, (_, i) => Promise.all([client.set(`key-${i}`, 'v'), together.confirm()])),
    );
    const stats = await client.info('commandstats');
    expect(stats).toMatch(/cmdstat_set:calls=100,/);
    expect(stats).toMatch(/cmdstat_wait:calls=1,/);
  });

  it('gives what was written while a WAIT was on its way a WAIT of its own', async () => {
    const { client } = connection;
    const together = barrier(1, WAIT_MS);
    replica.pause();
    const first = Promise.all([client.set('first', '1'), together.confirm()]);
    await waitFor(async () => (await askRedis(master.port, 'INFO clients')).includes('blocked_clients:1'), {
      description: 'the WAIT',
    });
    const second = Promise.all([client.set('second', '2'), together.confirm()]);
    replica.resume();
    await Promise.all([first, second]);
    expect(await askRedis(replica.port, 'GET second')).toBe('2');
  });

  it('confirms nothing over another connection than that of the write', async () => {
    const old = await connect(master.url);
    const holder = { client: old.client };
    const together = new ReplicationBarrier(holder, { replicas: 1, timeoutMs: WAIT_MS });
    replica.pause();
    const first = Promise.allSettled([holder.client.set('first', '1'), together.confirm()]);
    await waitFor(async () => (await askRedis(master.port, 'INFO clients')).includes('blocked_clients:1'), {
      description: 'the WAIT',
    });
    const second = Promise.allSettled([holder.client.set('second', '2'), together.confirm()]);

    holder.client = connection.client;
    old.client.disconnect();

    await first;
    expect((await second)[1]).toMatchObject({ status: 'rejected' });
    // It is opened again by itself.
    await old.close();
  });

  it('is refused on a cluster', async () => {
    const cluster = await startRedisCluster({ nodes: 3 });
    const toCluster = await connect(cluster.url);
    expect(() => new ReplicationBarrier(toCluster, { replicas: 1, timeoutMs: 100 })).toThrow(TypeError);
    await toCluster.close();
    await cluster.stop();
  });
});
