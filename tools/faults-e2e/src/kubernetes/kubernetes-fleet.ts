import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type KubernetesTarget,
  type FakePods,
  FakeStatefulSet,
  startKubernetesSimulator,
  type TargetUser,
} from '@smart-router/kubernetes-simulator';
import {
  type AppName,
  type AppProcess,
  type Fleet,
  newFleet,
  poolTotals,
  type RedisProcess,
  waitFor,
} from '@smart-router/testbed';

/** Limits of the product are seconds; those of the tests leave room for a machine that does much else. */
export const PATIENCE_MS = 30_000;
const WORKER = 'smart-router';
/** No more than docs/kubernetes.md asks for. */
const USERS: readonly TargetUser[] = [
  {
    name: WORKER,
    rules: [
      { verbs: ['list', 'watch'], resources: ['pods'] },
      { verbs: ['get', 'create', 'update'], resources: ['leases'] },
    ],
  },
];

const ENV: Env = {
  TIER_CONFIG: JSON.stringify({ standard: { type: 'exclusive', target: 100 } }),
  // What is seen within the limits above is due to the watch and to hints, not to the next periodic pass.
  RECONCILE_INTERVAL: '10m',
  LEADER_ELECTION_LEASE_DURATION: '5s',
  LEADER_ELECTION_RENEW_DEADLINE: '4s',
  LEADER_ELECTION_RETRY_PERIOD: '500ms',
};

/** Starts a cluster with these users, which ends with the fleet. */
export type StartCluster = (options: { readonly users: readonly TargetUser[] }) => Promise<KubernetesTarget>;

type Env = Readonly<Record<string, string>>;

export interface FleetOptions {
  readonly replicas: number;
  /** For all apps. */
  readonly env?: Env;
  /** Default: a simulator. */
  readonly startCluster?: StartCluster;
}

export const simulatedCluster: StartCluster = ({ users }) =>
  startKubernetesSimulator({ users, endsGracePeriods: false });

/**
 * A StatefulSet of voice agents on a cluster, a Redis, two processes of the API, which have no access to the
 * cluster, and two leader workers that compete for a Lease.
 */
export class KubernetesFleet {
  readonly apis: AppProcess[] = [];
  /** By identity. */
  readonly workers = new Map<string, AppProcess>();

  private constructor(
    readonly cluster: KubernetesTarget,
    readonly pods: FakePods,
    readonly agents: FakeStatefulSet,
    private readonly fleet: Fleet,
    private readonly folder: string,
  ) {}

  /** Resolves when all agents are in pools, as every process of the API sees it. */
  static async start({ replicas, env = {}, startCluster = simulatedCluster }: FleetOptions): Promise<KubernetesFleet> {
    const cluster = await startCluster({ users: USERS });
    const { pods } = await cluster.createNamespace();
    const agents = await FakeStatefulSet.start(pods, { name: 'voice-agent', replicas });
    const folder = await mkdtemp(join(tmpdir(), 'kubernetes-fleet-'));
    const apps = await newFleet()
      .env({ NAMESPACE: pods.namespace, ...ENV, ...env })
      .start();
    const fleet = new KubernetesFleet(cluster, pods, agents, apps, folder);
    try {
      await fleet.startAll(replicas);
      return fleet;
    } catch (error) {
      await fleet.stop();
      throw error;
    }
  }

  get redis(): RedisProcess {
    return this.fleet.redis;
  }

  get api(): AppProcess {
    const [first] = this.apis;
    if (!first) throw new Error('no process of the API runs');
    return first;
  }

  async startApi(): Promise<AppProcess> {
    const api = await this.fleet.start('api');
    this.apis.push(api);
    return api;
  }

  startWorker(identity: string): Promise<AppProcess> {
    return this.startContender('leader-worker', identity);
  }

  /** API and leader work in one process. */
  startRouter(identity: string): Promise<AppProcess> {
    return this.startContender('smart-router', identity);
  }

  /** Who leads, as this process of the API reports. */
  async leader(api = this.api): Promise<{ identity: string; epoch: number }> {
    return waitFor(async () => (await api.api.status()).body.leader, {
      timeoutMs: PATIENCE_MS,
      description: 'somebody to lead',
    });
  }

  /** Waits until there are as many pods in pools, and so many of them free, as every process of the API sees. */
  async hasPods(assigned: number, available = assigned): Promise<void> {
    await waitFor(() => this.seesPods(assigned, available), {
      timeoutMs: PATIENCE_MS,
      description: `${assigned} pods in pools, ${available} of them free`,
    });
  }

  /** Whether it is so now, as every process of the API sees it. */
  async seesPods(assigned: number, available: number): Promise<boolean> {
    const seen = await Promise.all(this.apis.map(({ api }) => poolTotals(api)));
    return seen.every((totals) => totals.assigned === assigned && totals.available === available);
  }

  async stop(): Promise<void> {
    await this.fleet.stop();
    await this.cluster.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Takes the permission to list pods from the workers, or gives all of them back. */
  async permitLists(isPermitted: boolean): Promise<void> {
    for (const { name, rules } of USERS) {
      const others = rules.filter(({ resources }) => !resources.includes('pods'));
      await this.cluster.setRules(name, isPermitted ? rules : others);
    }
  }

  private async startAll(replicas: number): Promise<void> {
    await writeFile(join(this.folder, 'kubeconfig'), this.cluster.kubeconfig(WORKER));
    await Promise.all([this.startApi(), this.startApi(), this.startWorker('worker-a'), this.startWorker('worker-b')]);
    await this.hasPods(replicas);
  }

  private async startContender(name: AppName, identity: string): Promise<AppProcess> {
    const contender = await this.fleet.start(name, {
      POD_SOURCE: 'kubernetes',
      LEADER_ELECTION: 'kubernetes',
      LEADER_ELECTION_IDENTITY: identity,
      KUBECONFIG: join(this.folder, 'kubeconfig'),
    });
    this.workers.set(identity, contender);
    return contender;
  }
}
