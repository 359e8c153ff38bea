import { randomBytes, randomUUID } from 'node:crypto';
import { AccessControl, type AccessRule, type AccessUser } from './api/access';
import { ApiServer } from './api/api-server';
import { GracePeriods } from './api/grace-periods';
import { answerControl } from './control/control-endpoint';
import { ApiListener } from './http/api-listener';
import { FaultPlan } from './http/fault';
import { RequestHandler } from './http/request-handler';
import { type RecordedRequest, RequestLog } from './http/request-log';
import { RunningWatches } from './http/running-watches';
import { FakeKubelet } from './played/fake-kubelet';
import { FakeLeases } from './played/fake-leases';
import { FakePods } from './played/fake-pods';
import type { FakeStatefulSet } from './played/fake-stateful-set';
import { RevisionStore } from './storage/revision-store';
import { InProcessApi } from './targets/in-process-api';
import { renderKubeconfig } from './targets/kubeconfig';
import type { KubernetesApi } from './targets/kubernetes-api';
import type { FaultyTarget, TargetNamespace, TargetUser } from './targets/kubernetes-target';
import { SimulatedFaults } from './targets/simulated-faults';

export interface KubernetesSimulatorOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Of `pods`, `leases` and the kubeconfig; created at the start. Default `default`. */
  readonly namespace?: string;
  /** With users, every request needs the token of one. Default: none, everything is allowed. */
  readonly users?: readonly TargetUser[];
  /** How often a watch that wants bookmarks gets one. Default 60000. */
  readonly bookmarkIntervalMs?: number;
  /** `false`: a terminating pod stays until it is removed by force, as on a server without a kubelet. Default `true`. */
  readonly endsGracePeriods?: boolean;
  /** Pods become ready by themselves so long after they were created. Default: only when the test says so. */
  readonly startsPodsAfterMs?: number;
}

const ADMIN = 'admin';
const CLUSTER_NAMESPACES = ['default', 'kube-system'];

/** Starts an API server in this process and resolves when it serves. @throws where the port is taken */
export async function startKubernetesSimulator(options: KubernetesSimulatorOptions = {}): Promise<KubernetesSimulator> {
  const simulator = new KubernetesSimulator(options);
  await simulator.open();
  return simulator;
}

/** A Kubernetes API server in this process: pods, leases and namespaces, watches, and what can go wrong with them. */
export class KubernetesSimulator implements FaultyTarget {
  readonly kind = 'simulator';
  readonly namespace: string;
  readonly api: KubernetesApi;
  readonly pods: FakePods;
  readonly leases: FakeLeases;
  readonly faults: SimulatedFaults;
  /** What the commands `scale` and `rolling-restart` of the control endpoint mean. */
  statefulSet: FakeStatefulSet | null = null;
  private readonly store = new RevisionStore();
  private readonly log = new RequestLog();
  private readonly access: AccessControl;
  private readonly gracePeriods: GracePeriods;
  private readonly listener: ApiListener;
  private readonly kubelet: FakeKubelet | null;

  /** Does not serve yet: use `startKubernetesSimulator`. */
  constructor(private readonly options: KubernetesSimulatorOptions) {
    this.namespace = options.namespace ?? 'default';
    this.access = new AccessControl(usersOf(options));
    this.gracePeriods = new GracePeriods(this.store, options.endsGracePeriods ?? true);
    const server = new ApiServer(this.store, this.access, this.gracePeriods, {
      now: () => new Date(),
      newUid: randomUUID,
      newSuffix: () => randomBytes(3).toString('hex').slice(0, 5),
    });
    this.api = new InProcessApi(server);
    this.pods = new FakePods(this.api, this.namespace);
    this.leases = new FakeLeases(this.api, this.namespace);
    const startsAfterMs = options.startsPodsAfterMs;
    this.kubelet = startsAfterMs === undefined ? null : new FakeKubelet(this.store, this.podsOf, startsAfterMs);
    const faults = new FaultPlan();
    const watches = new RunningWatches();
    this.faults = new SimulatedFaults(faults, watches);
    const handler = new RequestHandler({
      api: server,
      access: this.access,
      faults,
      watches,
      log: this.log,
      bookmarkIntervalMs: options.bookmarkIntervalMs ?? 60_000,
      control: (method, url) => answerControl(this, this.log, method, url),
    });
    this.listener = new ApiListener(
      (request, response) => void handler.handle(request, response).catch(() => request.socket.destroy()),
      options.host ?? '127.0.0.1',
      options.port ?? 0,
    );
  }

  get url(): string {
    return this.listener.url;
  }

  /** The last requests that came over the network, oldest first. */
  get requests(): readonly RecordedRequest[] {
    return this.log.all;
  }

  /** The revision of the newest write. */
  get revision(): number {
    return this.store.revision;
  }

  async open(): Promise<void> {
    for (const name of new Set([...CLUSTER_NAMESPACES, this.namespace])) await this.addNamespace(name);
    await this.listener.open();
  }

  kubeconfig(user?: string): string {
    const hasUsers = (this.options.users ?? []).length > 0;
    const token = hasUsers || user !== undefined ? this.access.tokenOf(user ?? ADMIN) : undefined;
    return renderKubeconfig({ url: this.url, namespace: this.namespace, token });
  }

  async createNamespace(): Promise<TargetNamespace> {
    const name = `test-${randomBytes(4).toString('hex')}`;
    await this.addNamespace(name);
    return { name, pods: new FakePods(this.api, name), leases: new FakeLeases(this.api, name) };
  }

  setRules(user: string, rules: readonly AccessRule[]): Promise<void> {
    this.access.setRules(user, rules);
    return Promise.resolve();
  }

  /** The old token is refused from now on. @throws Error where there is no such user */
  setToken(user: string, token: string): void {
    this.access.setToken(user, token);
  }

  compact(): Promise<void> {
    this.store.compact();
    return Promise.resolve();
  }

  stopServing(): Promise<void> {
    return this.listener.close();
  }

  startServing(): Promise<void> {
    return this.listener.open();
  }

  async stop(): Promise<void> {
    this.gracePeriods.stop();
    this.kubelet?.stop();
    await this.listener.close();
  }

  forgetRequests(): void {
    this.log.clear();
  }

  private readonly podsOf = (namespace: string): FakePods =>
    namespace === this.namespace ? this.pods : new FakePods(this.api, namespace);

  private async addNamespace(name: string): Promise<void> {
    await this.api.request('POST', '/api/v1/namespaces', { metadata: { name } });
  }
}

/** As soon as there are users, there has to be one for the test itself. */
function usersOf({ users = [] }: KubernetesSimulatorOptions): AccessUser[] {
  if (users.length === 0) return [];
  const everything = { verbs: ['*'], resources: ['*'] } satisfies AccessRule;
  return [{ name: ADMIN, rules: [everything] }, ...users].map(toUser);
}

function toUser(user: TargetUser): AccessUser {
  return { ...user, token: `${user.name}-${randomBytes(8).toString('hex')}` };
}
