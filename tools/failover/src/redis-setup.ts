import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RedisSentinel, startRedisSentinel } from '@smart-router/fault-kit';
import { type RedisProcess, startRedis } from '@smart-router/test-processes';
import { startSentinelView, type SentinelView } from './sentinel-view';

type Env = Readonly<Record<string, string>>;

/** The Redis of a run, as the apps on the two sides of a partition see it. Without one both see the same. */
export interface RedisSetup {
  /** For the leader and half of the API. */
  readonly majority: Env;
  /** For the other half, beside the first master. */
  readonly minority: Env;
  stop(): Promise<void>;
}

export interface SentinelSetup extends RedisSetup {
  readonly sentinel: RedisSentinel;
  /** What the minority hears from the sentinels. */
  readonly views: readonly SentinelView[];
}

export interface SingleSetup extends RedisSetup {
  readonly port: number;
  /** SIGKILL, and up again on the same port with what is on its disk. */
  restart(): Promise<void>;
}

/** One more than WAIT asks for, so that a replica is left when one of them has become the master. */
const REPLICAS = 2;

const sentinelEnv = (addresses: readonly string[], masterName: string): Env => ({
  REDIS_MODE: 'sentinel',
  REDIS_URL: addresses.map((address) => `redis://${address}`).join(','),
  REDIS_SENTINEL_MASTER: masterName,
});

/** @param args of the servers, for example for `min-replicas-to-write` */
export async function startWithSentinels(args: readonly string[] = []): Promise<SentinelSetup> {
  const sentinel = await startRedisSentinel({ replicas: REPLICAS, masterBehindLine: true, args });
  const { lineToMaster: line, nodes, sentinels, masterName } = sentinel;
  const [master] = nodes;
  if (!line || !master) throw new Error('a master behind a line was asked for');
  const views = await Promise.all(
    sentinels.map((address) => startSentinelView(address, { from: line.port, to: master.port })),
  );
  return {
    majority: sentinelEnv(sentinels, masterName),
    minority: sentinelEnv(
      views.map(({ port }) => `127.0.0.1:${port}`),
      masterName,
    ),
    sentinel,
    views,
    stop: async () => {
      await Promise.all(views.map((view) => view.close()));
      await sentinel.stop();
    },
  };
}

/** @param args of the server; its folder outlives a restart */
export async function startSingle(args: readonly string[]): Promise<SingleSetup> {
  const folder = await mkdtemp(join(tmpdir(), 'smart-router-failover-'));
  const all = ['--dir', folder, ...args];
  let redis: RedisProcess = await startRedis({ args: all });
  const env = { REDIS_URL: redis.url };
  return {
    majority: env,
    minority: env,
    port: redis.port,
    restart: async () => {
      const { port } = redis;
      await redis.kill();
      redis = await startRedis({ port, args: all });
    },
    stop: async () => {
      await redis.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
