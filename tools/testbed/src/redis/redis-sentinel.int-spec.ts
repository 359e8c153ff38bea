import { askRedis } from './redis-inline';
import { waitFor } from '../processes/wait-for';
import { type RedisSentinel, startRedisSentinel } from './redis-sentinel';

/** A sentinel that stood still distrusts itself for 30 s, and then begins anew. */
const FAILOVER_TIMEOUT_MS = 90_000;
const TEST_TIMEOUT_MS = 240_000;

describe('startRedisSentinel', () => {
  let redis: RedisSentinel;

  const start = async (downAfterMs: number): Promise<void> => {
    redis = await startRedisSentinel({ replicas: 1, downAfterMs });
  };

  afterEach(() => redis?.stop());

  it('returns a master that replicates and that all sentinels agree on', async () => {
    await start(5_000);
    const [master, replica] = redis.nodes;
    if (!master || !replica) throw new Error('a master and a replica were asked for');

    await askRedis(master.port, 'SET key value');

    expect(redis.sentinels).toHaveLength(3);
    expect((await redis.master())?.port).toBe(master.port);
    await waitFor(async () => (await askRedis(replica.port, 'GET key')) === 'value', { description: 'replication' });
  });

  it(
    'makes the replica the master when the master is killed',
    async () => {
      await start(500);
      const [master, replica] = redis.nodes;
      await askRedis(master?.port ?? 0, 'SET key value');
      await waitFor(async () => (await askRedis(replica?.port ?? 0, 'GET key')) === 'value', {
        description: 'replication',
      });

      await master?.kill();

      const options = { timeoutMs: FAILOVER_TIMEOUT_MS, description: 'the replica to be the master' };
      await waitFor(async () => (await redis.master())?.port === replica?.port, options);
      await waitFor(async () => (await askRedis(replica?.port ?? 0, 'SET key later')) === 'OK', options);
    },
    TEST_TIMEOUT_MS,
  );
});
