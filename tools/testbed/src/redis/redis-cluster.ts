import { freePort } from '../processes/free-port';
import { askRedis } from './redis-inline';
import { type RedisProcess, startRedis } from './redis-process';
import { waitFor } from '../processes/wait-for';

const SLOTS = 16_384;
const FORM_TIMEOUT_MS = 20_000;

/** Masters that share all slots evenly, without replicas unless one is added. */
export interface RedisCluster {
  /** All nodes, comma-separated. */
  readonly url: string;
  readonly urls: readonly string[];
  readonly nodes: readonly RedisProcess[];
  /** Starts a replica of the node with this index, which `stop` ends as well. Resolves when it follows its master. */
  addReplica(ofNode: number): Promise<RedisProcess>;
  stop(): Promise<void>;
}

interface ClusterNode {
  readonly redis: RedisProcess;
  readonly busPort: number;
}

export interface RedisClusterOptions {
  readonly nodes: number;
  /** How long a node must be silent until the others give it up. Default 15000: nobody who only stood still. */
  readonly nodeTimeoutMs?: number;
}

/** Starts a real Redis Cluster and resolves when every node sees all nodes and serves. */
export async function startRedisCluster(options: RedisClusterOptions): Promise<RedisCluster> {
  const started: ClusterNode[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map(({ redis }) => redis.stop()));
  };
  try {
    for (let index = 0; index < options.nodes; index++) started.push(await startNode(options));
    await formCluster(started);
  } catch (error) {
    await stop();
    throw error;
  }
  const nodes = started.map(({ redis }) => redis);
  const urls = nodes.map(({ url }) => url);
  const addReplica = async (ofNode: number): Promise<RedisProcess> => {
    const replica = await startNode(options);
    started.push(replica);
    await follow(started, replica, ofNode);
    return replica.redis;
  };
  return { url: urls.join(','), urls, nodes, addReplica, stop };
}

async function follow(nodes: readonly ClusterNode[], replica: ClusterNode, ofNode: number): Promise<void> {
  const master = nodes[ofNode];
  if (!master) throw new Error(`the cluster has no node ${ofNode}`);
  const masterId = await askRedis(master.redis.port, 'CLUSTER MYID');
  await meet(master, replica);
  await waitFor(async () => (await askRedis(replica.redis.port, 'CLUSTER NODES')).includes(masterId), {
    timeoutMs: FORM_TIMEOUT_MS,
    description: 'the replica to know its master',
  });
  await waitFor(async () => (await Promise.all(nodes.map((node) => isSettled(node, nodes.length)))).every(Boolean), {
    timeoutMs: FORM_TIMEOUT_MS,
    description: 'all nodes to know the replica',
  });
  await askRedis(replica.redis.port, `CLUSTER REPLICATE ${masterId}`);
  await waitFor(
    async () => (await askRedis(replica.redis.port, 'INFO replication')).includes('master_link_status:up'),
    {
      timeoutMs: FORM_TIMEOUT_MS,
      description: 'the replica to follow its master',
    },
  );
}

async function meet(first: ClusterNode, { redis, busPort }: ClusterNode): Promise<void> {
  await askRedis(first.redis.port, `CLUSTER MEET 127.0.0.1 ${redis.port} ${busPort}`);
}

async function startNode({ nodeTimeoutMs = 15_000 }: RedisClusterOptions): Promise<ClusterNode> {
  // The default bus port, port + 10000, may lie beyond the last port there is.
  const busPort = await freePort();
  const args = ['--cluster-enabled', 'yes', '--cluster-port', `${busPort}`];
  const redis = await startRedis({ args: [...args, '--cluster-node-timeout', `${nodeTimeoutMs}`] });
  return { redis, busPort };
}

async function formCluster(nodes: readonly ClusterNode[]): Promise<void> {
  for (const [index, { redis }] of nodes.entries()) {
    const first = Math.ceil((SLOTS * index) / nodes.length);
    const last = Math.ceil((SLOTS * (index + 1)) / nodes.length) - 1;
    await askRedis(redis.port, `CLUSTER ADDSLOTSRANGE ${first} ${last}`);
    await askRedis(redis.port, `CLUSTER SET-CONFIG-EPOCH ${index + 1}`);
  }
  const [first, ...others] = nodes;
  if (!first) throw new Error('a cluster has at least one node');
  for (const other of others) await meet(first, other);
  await waitFor(async () => (await Promise.all(nodes.map((node) => isSettled(node, nodes.length)))).every(Boolean), {
    timeoutMs: FORM_TIMEOUT_MS,
    description: `a cluster of ${nodes.length} nodes to form`,
  });
}

async function isSettled({ redis }: ClusterNode, size: number): Promise<boolean> {
  const info = await askRedis(redis.port, 'CLUSTER INFO');
  const expected = ['cluster_state:ok', `cluster_slots_ok:${SLOTS}`, `cluster_known_nodes:${size}`];
  return expected.every((line) => info.includes(`${line}\r\n`));
}
