import { askRedis, type RedisSentinel, startRedisSentinel, waitFor } from '@smart-router/testbed';
import type { RedisConnectionOptions } from './connect';
import { connectRedis } from './testing/connect-redis';
import { isConnectionFailure } from './connection-failure';
import type { RedisConnection } from './redis-connection';
import { PATIENT_LIMITS, SHORT_LIMITS } from './testing/connection-limits';
import { RecordedLog } from './testing/recorded-log';

/** A sentinel that stood still distrusts itself for 30 s, and then begins anew. */
const FAILOVER_TIMEOUT_MS = 90_000;
const TEST_TIMEOUT_MS = 240_000;

let redis: RedisSentinel;
const connections: RedisConnection[] = [];

const start = async (downAfterMs: number): Promise<void> => {
  redis = await startRedisSentinel({ downAfterMs });
};
afterEach(() => Promise.all(connections.splice(0).map((connection) => connection.close())));

async function connect(options: Partial<RedisConnectionOptions> = PATIENT_LIMITS): Promise<RedisConnection> {
  const connection = await connectRedis({
    url: redis.sentinels.map((address) => `redis://${address}`).join(','),
    mode: 'sentinel',
    sentinel: { masterName: redis.masterName },
    startTimeoutMs: 20_000,
    logger: new RecordedLog(),
    ...options,
  });
  connections.push(connection);
  return connection;
}

const nodes = () => {
  const [master, replica] = redis.nodes;
  if (!master || !replica) throw new Error('a master and a replica were asked for');
  return { master, replica };
};

const isWritten = async (write: () => Promise<unknown>): Promise<boolean> => {
  try {
    await write();
    return true;
  } catch (error) {
    if (!isConnectionFailure(error)) throw error;
    return false;
  }
};

describe('sentinel mode', () => {
  // Nobody is to be taken for dead here.
  beforeAll(() => start(5_000));
  afterAll(() => redis?.stop());

  it('writes to the master that the sentinels name', async () => {
    const { client } = await connect();
    await client.set('key', 'value');
    expect(await askRedis(nodes().master.port, 'GET key')).toBe('value');
  });

  it('finds the master when the first sentinels do not answer', async () => {
    const dead = 'redis://127.0.0.1:1';
    const { client } = await connect({ ...PATIENT_LIMITS, url: `${dead},redis://${redis.sentinels[0]}` });
    expect(await client.ping()).toBe('PONG');
  });

  it('leaves no connection to a sentinel when it is closed', async () => {
    const port = Number(redis.sentinels[0]?.split(':')[1]);
    const listeners = async (): Promise<number> => {
      const clients = await askRedis(port, 'CLIENT LIST TYPE pubsub');
      return (clients.match(/sub=1/g) ?? []).length;
    };
    const connection = await connect();
    await waitFor(async () => (await listeners()) > 0, { description: 'the sentinel to be listened to' });

    await connection.close();

    await waitFor(async () => (await listeners()) === 0, { description: 'nobody to listen any more' });
  });

  it('gives up with the addresses of the sentinels when none knows the master', async () => {
    await expect(connect({ sentinel: { masterName: 'unknown' }, startTimeoutMs: 1_500 })).rejects.toMatchObject({
      code: 'REDIS_UNREACHABLE',
      endpoint: expect.stringContaining(redis.sentinels[0] ?? ''),
    });
  });
});

describe('a failover', () => {
  beforeEach(() => start(500));
  afterEach(() => redis?.stop());

  it(
    'is followed to the new master when the old one is killed, and reports that it is back',
    async () => {
      const { master, replica } = nodes();
      const connection = await connect(SHORT_LIMITS);
      let reconnects = 0;
      connection.onReconnect(() => reconnects++);

      await master.kill();

      const options = { timeoutMs: FAILOVER_TIMEOUT_MS, description: 'a write on the new master' };
      await waitFor(() => isWritten(() => connection.client.set('key', 'later')), options);
      expect(await askRedis(replica.port, 'GET key')).toBe('later');
      expect(reconnects).toBeGreaterThan(0);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'is followed when the old master hangs, and for good when it wakes up',
    async () => {
      const { master, replica } = nodes();
      const connection = await connect(SHORT_LIMITS);

      master.pause();
      const options = { timeoutMs: FAILOVER_TIMEOUT_MS, description: 'a write on the new master' };
      await waitFor(() => isWritten(() => connection.client.set('key', 'promoted')), options);
      master.resume();
      await waitFor(() => isWritten(() => connection.client.set('key', 'resumed')), options);

      expect(await askRedis(replica.port, 'GET key')).toBe('resumed');
    },
    TEST_TIMEOUT_MS,
  );
});
