import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askRedis } from './redis-inline';
import { freePort } from '../processes/free-port';
import { type RedisProcess, startRedis } from './redis-process';
import { TestProcess } from '../processes/child-process';
import { waitFor } from '../processes/wait-for';
import { TcpFaultProxy } from '../proxy/tcp-fault-proxy';

const MASTER_NAME = 'smart-router';
const FORM_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 5_000;

export interface RedisSentinelOptions {
  /** Default 1. */
  readonly replicas?: number;
  /** Default 3; the quorum is their majority. */
  readonly sentinels?: number;
  /** How long a master must be silent until a sentinel gives it up. Default 1000. */
  readonly downAfterMs?: number;
  /** Puts a line before the first master, which replicas, sentinels and whoever asks them go over. Default: none. */
  readonly masterBehindLine?: boolean;
  /** More arguments of master and replicas, for example `['--min-replicas-to-write', '1']`. */
  readonly args?: readonly string[];
}

/** A master, its replicas and the sentinels that watch over them, all real, on ports of their own. */
export interface RedisSentinel {
  readonly masterName: string;
  /** `host:port` of each sentinel. */
  readonly sentinels: readonly string[];
  /** The first one was the master at the start. */
  readonly nodes: readonly RedisProcess[];
  /** Before the first master, where it was asked for. Whoever goes to the node's own port goes around it. */
  readonly lineToMaster: TcpFaultProxy | null;
  /** The node that most sentinels take for the master now; `null` while they do not agree. */
  master(): Promise<RedisProcess | null>;
  stop(): Promise<void>;
}

interface SentinelProcess {
  readonly port: number;
  stop(): Promise<unknown>;
}

/** Resolves when the replicas are in step and every sentinel knows all others and all replicas. */
export async function startRedisSentinel(options: RedisSentinelOptions = {}): Promise<RedisSentinel> {
  const group = new SentinelGroup();
  try {
    await group.start(options);
  } catch (error) {
    await group.stop();
    throw error;
  }
  const { line, nodes } = group;
  const ports = group.sentinels.map(({ port }) => port);
  return {
    masterName: MASTER_NAME,
    sentinels: ports.map((port) => `127.0.0.1:${port}`),
    nodes,
    lineToMaster: line,
    master: () => agreedMaster(ports, nodes, line),
    stop: () => group.stop(),
  };
}

/** What has been started so far, so that all of it can be stopped. */
class SentinelGroup {
  readonly nodes: RedisProcess[] = [];
  readonly sentinels: SentinelProcess[] = [];
  line: TcpFaultProxy | null = null;

  async start(options: RedisSentinelOptions): Promise<void> {
    const { replicas = 1, sentinels: count = 3, args = [] } = options;
    const masterPort = await this.startMaster(options);
    for (let index = 0; index < replicas; index++) {
      this.nodes.push(await startRedis({ args: ['--replicaof', `127.0.0.1 ${masterPort}`, ...args] }));
    }
    await until(() => hasReplicas(masterPort, replicas), `${replicas} replicas to be in step`);
    for (let index = 0; index < count; index++) this.sentinels.push(await startSentinel(masterPort, count, options));
    for (const { port } of this.sentinels) {
      await until(() => isWatching(port, replicas, count), `sentinel ${port} to know all others`);
    }
  }

  async stop(): Promise<void> {
    // A sentinel that outlives the nodes would begin a failover.
    await Promise.all(this.sentinels.map((sentinel) => sentinel.stop()));
    await Promise.all(this.nodes.map((node) => node.kill()));
    await this.line?.close();
  }

  /** @returns the port by which the others know it */
  private async startMaster({ masterBehindLine = false, args = [] }: RedisSentinelOptions): Promise<number> {
    const master = await startRedis({ args });
    this.nodes.push(master);
    if (masterBehindLine) this.line = await TcpFaultProxy.start({ target: `127.0.0.1:${master.port}` });
    return this.line?.port ?? master.port;
  }
}

async function startSentinel(masterPort: number, count: number, options: RedisSentinelOptions) {
  const folder = await mkdtemp(join(tmpdir(), 'smart-router-sentinel-'));
  const port = await freePort();
  const config = join(folder, 'sentinel.conf');
  await writeFile(config, sentinelConfig({ port, folder, masterPort, quorum: Math.floor(count / 2) + 1, ...options }));
  const child = TestProcess.start('redis-server', [config, '--sentinel'], {
    env: { PATH: process.env['PATH'] ?? '' },
  });
  const stop = async (): Promise<void> => {
    if (!child.exit) await child.terminate(STOP_TIMEOUT_MS);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until(async () => (await askRedis(port, 'PING')) === 'PONG', `sentinel ${port} to answer`);
    return { port, stop };
  } catch (error) {
    await stop();
    throw new Error(`the sentinel did not start:\n${child.tail()}`, { cause: error });
  }
}

interface SentinelSetup {
  readonly port: number;
  readonly folder: string;
  readonly masterPort: number;
  readonly quorum: number;
  readonly downAfterMs?: number;
}

/** A sentinel takes its settings from a file only, and writes what it learns into it. */
function sentinelConfig({ port, folder, masterPort, quorum, downAfterMs = 1_000 }: SentinelSetup): string {
  return [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${masterPort} ${quorum}`,
    `sentinel down-after-milliseconds ${MASTER_NAME} ${downAfterMs}`,
    `sentinel failover-timeout ${MASTER_NAME} ${downAfterMs * 5}`,
    '',
  ].join('\n');
}

async function hasReplicas(masterPort: number, count: number): Promise<boolean> {
  const info = await askRedis(masterPort, 'INFO replication');
  return (info.match(/state=online/g) ?? []).length === count;
}

async function isWatching(port: number, replicas: number, sentinels: number): Promise<boolean> {
  const info = await askRedis(port, 'INFO sentinel');
  return info.includes(`slaves=${replicas},sentinels=${sentinels}`);
}

async function agreedMaster(
  ports: readonly number[],
  nodes: readonly RedisProcess[],
  line: TcpFaultProxy | null,
): Promise<RedisProcess | null> {
  const votes = await Promise.all(ports.map(masterPortOf));
  const portOf = (node: RedisProcess): number => (line && node === nodes[0] ? line.port : node.port);
  const chosen = nodes.find((node) => votes.filter((vote) => vote === portOf(node)).length * 2 > ports.length);
  return chosen ?? null;
}

async function masterPortOf(sentinelPort: number): Promise<number | null> {
  const info = await askRedis(sentinelPort, 'INFO sentinel');
  const [, port] = /address=127\.0\.0\.1:(\d+)/.exec(info) ?? [];
  return port === undefined ? null : Number(port);
}

async function until(condition: () => Promise<boolean>, description: string): Promise<void> {
  await waitFor(condition, { timeoutMs: FORM_TIMEOUT_MS, description });
}
