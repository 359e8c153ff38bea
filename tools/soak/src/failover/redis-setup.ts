import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  askRedis,
  type RedisCluster,
  type RedisProcess,
  type RedisSentinel,
  startRedis,
  startRedisCluster,
  startRedisSentinel,
  TcpFaultProxy,
} from '@smart-router/testbed';
import { startSentinelView, type SentinelView } from './sentinel-view';

type Env = Readonly<Record<string, string>>;

/** The Redis of a run, as the apps on the two sides of a partition see it. Without one both see the same. */
export interface RedisSetup {
  /** For the leaders and two processes of the API. */
  readonly majority: Env;
  /** For the third one, beside the first master. */
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

export interface LineSetup extends RedisSetup {
  /** What the minority goes over. */
  readonly line: TcpFaultProxy;
}

export interface ClusterSetup extends RedisSetup {
  readonly cluster: RedisCluster;
  /** The one of all keys. */
  readonly slot: number;
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

/** A single server, and a line before it for one process alone. */
export async function startBehindLine(): Promise<LineSetup> {
  const redis = await startRedis();
  const line = await TcpFaultProxy.start({ target: `127.0.0.1:${redis.port}` });
  return {
    majority: { REDIS_URL: redis.url },
    minority: { REDIS_URL: `redis://127.0.0.1:${line.port}` },
    line,
    stop: async () => {
      await line.close();
      await redis.kill();
    },
  };
}

const CLUSTER_NODES = 3;
/** Few slots are moved with that of the keys where it is one of the first. */
const FIRST_SLOTS = 40;

export async function startCluster(): Promise<ClusterSetup> {
  const cluster = await startRedisCluster({ nodes: CLUSTER_NODES });
  const { prefix, slot } = await prefixInFirstSlots(cluster.nodes[0]?.port ?? 0);
  const env = { REDIS_MODE: 'cluster', REDIS_URL: cluster.url, REDIS_KEY_PREFIX: prefix };
  return { majority: env, minority: env, cluster, slot, stop: () => cluster.stop() };
}

async function prefixInFirstSlots(port: number): Promise<{ readonly prefix: string; readonly slot: number }> {
  for (let attempt = 0; ; attempt++) {
    const prefix = `{voice-${attempt}}:`;
    const slot = Number(await askRedis(port, `CLUSTER KEYSLOT ${prefix}`));
    if (slot < FIRST_SLOTS) return { prefix, slot };
  }
}
