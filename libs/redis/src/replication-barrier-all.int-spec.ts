import { askRedis, type RedisProcess, startRedis, waitFor } from '@smart-router/testbed';
import { connectRedis } from './testing/connect-redis';
import { UnconfirmedWriteError } from './errors';
import { ABSENCE_COUNTS_MS } from './known-replicas';
import type { RedisConnection } from './redis-connection';
import { ReplicationBarrier } from './replication-barrier';
import { PATIENT_LIMITS } from './testing/connection-limits';
import { RecordedLog } from './testing/recorded-log';

/** Longer than a replica needs that stands still for a moment, and shorter than a command may take. */
const WAIT_MS = 5_000;
/** For what is not confirmed anyway. */
const SHORT_WAIT_MS = 500;

let master: RedisProcess;
let replicas: RedisProcess[];
let connection: RedisConnection;
let nowMs: number;

const state = (pattern: RegExp) => async () => pattern.test(await askRedis(master.port, 'INFO replication'));
/** A replica counts as online before it takes its first write. */
const inStep = (count: number) =>
  waitFor(
    async () => (await connection.client.set('key', 'first')) && (await connection.client.wait(count, 500)) === count,
    {
      description: `${count} replicas to be in step`,
    },
  );

async function startReplica(): Promise<RedisProcess> {
  const replica = await startRedis({
    args: ['--replicaof', `127.0.0.1 ${master.port}`, '--repl-diskless-sync-delay', '0'],
  });
  replicas.push(replica);
  return replica;
}

/** Its time stands still, but for what a test adds: a WAIT of the server takes real time all the same. */
const allOf = (timeoutMs: number) => new ReplicationBarrier(connection, { replicas: 'all', timeoutMs }, () => nowMs);

const write = async (barrier: ReplicationBarrier, value: string): Promise<void> =>
  void (await Promise.all([connection.client.set('key', value), barrier.confirm()]));

beforeEach(async () => {
  nowMs = 0;
  replicas = [];
  master = await startRedis({ args: ['--repl-diskless-sync-delay', '0'] });
  await startReplica();
  await startReplica();
  connection = await connectRedis({ url: master.url, ...PATIENT_LIMITS, logger: new RecordedLog() });
  await inStep(2);
});
afterEach(async () => {
  await connection?.close();
  await Promise.all([...replicas, master].map((redis) => redis.kill()));
});

describe('ReplicationBarrier for all replicas', () => {
  it('lets pass what every replica has, although nothing was known of them', async () => {
    await write(allOf(WAIT_MS), 'value');
    expect(await Promise.all(replicas.map(({ port }) => askRedis(port, 'GET key')))).toEqual(['value', 'value']);
  });

  it('throws while one of the replicas does not answer, from the first write on', async () => {
    replicas[1]?.pause();
    await expect(write(allOf(SHORT_WAIT_MS), 'value')).rejects.toMatchObject({ requiredReplicas: 2, confirmedBy: 1 });
  });

  it('waits for a replica that joined', async () => {
    const barrier = allOf(SHORT_WAIT_MS);
    await barrier.observe();
    const third = await startReplica();
    await inStep(3);
    third.pause();
    await expect(write(barrier, 'value')).rejects.toMatchObject({ requiredReplicas: 3, confirmedBy: 2 });
  });

  it('throws when there is no replica, and when nothing is known of a replica that left', async () => {
    await Promise.all(replicas.map((replica) => replica.kill()));
    await waitFor(state(/connected_slaves:0/), { description: 'both replicas to be gone' });
    const barrier = allOf(SHORT_WAIT_MS);
    await expect(write(barrier, 'value')).rejects.toBeInstanceOf(UnconfirmedWriteError);
    nowMs += ABSENCE_COUNTS_MS;
    await expect(write(barrier, 'value')).rejects.toBeInstanceOf(UnconfirmedWriteError);
  });

  it('counts a replica that left until its absence has lasted', async () => {
    const barrier = allOf(SHORT_WAIT_MS);
    await barrier.observe();
    await replicas[1]?.kill();
    await waitFor(state(/connected_slaves:1/), { description: 'the replica to be gone' });
    await expect(write(barrier, 'value')).rejects.toMatchObject({ requiredReplicas: 2, confirmedBy: 1 });

    nowMs += ABSENCE_COUNTS_MS;
    await barrier.observe();

    await waitFor(() => write(barrier, 'other').then(() => true), { description: 'the other replica to suffice' });
    expect(await askRedis(replicas[0]?.port ?? 0, 'GET key')).toBe('other');
  });

  it('confirms nothing by the replica that is left to an old master', async () => {
    const barrier = allOf(WAIT_MS);
    await barrier.observe();
    // As in a failover by hand: one replica is promoted, and the other one still follows the old master.
    await askRedis(replicas[0]?.port ?? 0, 'REPLICAOF NO ONE');
    await waitFor(state(/connected_slaves:1/), { description: 'the promoted replica to be gone' });
    await expect(write(barrier, 'value')).rejects.toMatchObject({ requiredReplicas: 2, confirmedBy: 1 });
  });

  it('reports how far confirmations reach', async () => {
    const one = new ReplicationBarrier(connection, { replicas: 1, timeoutMs: WAIT_MS });
    await one.observe();
    expect(one.coverage).toEqual({ confirmedBy: 1, replicas: 2 });
    const all = allOf(WAIT_MS);
    await all.observe();
    expect(all.coverage).toEqual({ confirmedBy: 2, replicas: 2 });
  });
});
