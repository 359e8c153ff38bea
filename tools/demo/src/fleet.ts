import { mkdir } from 'node:fs/promises';
import { type ApiClient, answerOf, createApiClient } from '@smart-router/api-client';
import { startNameServer, waitFor } from '@smart-router/testbed';
import { ClusterApi } from './cluster/cluster-api';
import { type Endpoint, Service } from './cluster/service';
import { type AgentPod, StatefulSet } from './cluster/stateful-set';
import type { DemoNetwork, PodKind } from './network';
import type { Child } from './processes/child';
import type { Children } from './processes/children';
import type { StopOrder } from './processes/stop-order';
import {
  agentPlan,
  API_PORT,
  DNS_PORT,
  appPlan,
  clusterPlan,
  isOk,
  NAMESPACE,
  type ProductParts,
  redisFolder,
  redisPlan,
  serviceUrl,
  writeSecrets,
} from './product';

const REPLICAS = 2;
const READY_TIMEOUT_MS = 60_000;
const AGENT_NAME = /^(?<pod>voice-agent-(?<index>\d+))\.voice-agent\.voice-system\.svc\.cluster\.local$/;

/** Redis, the cluster, the product and the agents. */
export class Fleet {
  readonly redis: Child;
  readonly apis: readonly Child[];
  readonly workers: readonly Child[];
  readonly agents: readonly AgentPod[];
  readonly cluster: ClusterApi;
  /** The API, at whichever replica. */
  readonly api: ApiClient;
  /** Of the API. */
  readonly service: Service;
  private readonly clusterProcess: Child;

  constructor(
    private readonly parts: ProductParts,
    children: Children,
    private readonly fail: (error: unknown) => void,
  ) {
    const { clusterPort, network } = parts;
    const replicas = (app: 'api' | 'leader-worker'): Child[] =>
      Array.from({ length: REPLICAS }, (_, index) => children.add(appPlan(parts, app, index)));
    this.redis = children.add(redisPlan(parts));
    this.clusterProcess = children.add(clusterPlan(parts));
    this.apis = replicas('api');
    this.workers = replicas('leader-worker');
    this.agents = Array.from({ length: parts.agents }, (_, index) => {
      const process = children.add(agentPlan(parts, index));
      return { name: process.name, ip: network.agent(index), process };
    });
    this.cluster = new ClusterApi(`http://127.0.0.1:${clusterPort}`, NAMESPACE, { app: 'voice-agent' });
    this.api = createApiClient({ baseUrl: serviceUrl(network), retries: 0 });
    this.service = new Service(this.apis.map((process, index) => apiEndpoint(process, network.pod('api', index))));
  }

  /** Resolves when all agents are in pools. @param stops gets what is to be ended */
  async start(stops: StopOrder): Promise<void> {
    const { folder, network } = this.parts;
    stops.add('rest', () => Promise.all([this.redis, this.clusterProcess].map((each) => each.end())));
    await mkdir(redisFolder(folder));
    await writeSecrets(folder);
    await Promise.all([this.redis.start(), this.clusterProcess.start()]);
    const names = await startNameServer({
      host: network.nameServer,
      port: DNS_PORT,
      addressOf: (name) => addressOf(name, network),
    });
    stops.add('rest', () => names.close());
    await this.startService(stops);
    stops.add('api', () => Promise.all(this.apis.map((each) => each.end())));
    stops.add('worker', () => Promise.all(this.workers.map((each) => each.end())));
    this.startAgents(stops);
    await Promise.all([...this.apis, ...this.workers].map((each) => each.start()));
    await this.seesAllAgents();
  }

  /** Waits until all agents are in pools. */
  async seesAllAgents(): Promise<void> {
    await waitFor(async () => (await this.pools()).assigned === this.agents.length, {
      timeoutMs: READY_TIMEOUT_MS,
      description: `${this.agents.length} agents to be in pools`,
    });
  }

  /** The worker that leads, as the store knows it; `null` while none does. */
  async leader(): Promise<Child | null> {
    const { leader } = await answerOf(this.api.GET('/api/v1/status'));
    return this.workers.find(({ name }) => name === leader?.identity) ?? null;
  }

  /** How many pods there are and how many calls fit on them, over all pools; zeros while Redis is away. @throws where the API does not answer */
  async pools(): Promise<{ readonly assigned: number; readonly room: number }> {
    const { pools } = await answerOf(this.api.GET('/api/v1/status'));
    const all = Object.values(pools ?? {});
    return {
      assigned: all.reduce((sum, pool) => sum + pool.assigned, 0),
      room: all.reduce((sum, pool) => sum + pool.capacity, 0),
    };
  }

  /** Names of the pods that have metrics, with their addresses. */
  targets(): Readonly<Record<string, string>> {
    const { network } = this.parts;
    const of = (kind: PodKind, processes: readonly Child[]) =>
      processes.map(({ name }, index) => [name, network.pod(kind, index)] as const);
    return Object.fromEntries([...of('api', this.apis), ...of('leader-worker', this.workers)]);
  }

  private async startService(stops: StopOrder): Promise<void> {
    await this.service.listen(this.parts.network.service, API_PORT);
    this.service.follow().catch(this.fail);
    stops.add('rest', () => this.service.close());
  }

  private startAgents(stops: StopOrder): void {
    const { agents: pods, cluster, fail } = this;
    const agents = new StatefulSet({ cluster, pods, serviceUrl: serviceUrl(this.parts.network), fail });
    agents.run();
    stops.add('traffic', () => agents.stop());
    stops.add('rest', () => Promise.all(pods.map(({ process }) => process.end())));
  }
}

function apiEndpoint(process: Child, host: string): Endpoint {
  return {
    host,
    port: API_PORT,
    isReady: () => isOk(`http://${host}:${API_PORT}/ready`),
    get isStopping() {
      return process.isStopping;
    },
  };
}

/** A pod has its name whether it is ready or not, so that a call reaches one that drains. */
function addressOf(name: string, network: DemoNetwork): string | undefined {
  if (name === `smart-router.${NAMESPACE}.svc.cluster.local`) return network.service;
  const index = AGENT_NAME.exec(name)?.groups?.['index'];
  return index === undefined ? undefined : network.agent(Number(index));
}
