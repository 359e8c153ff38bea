import { randomBytes, randomUUID } from 'node:crypto';
import { AccessControl, type AccessRule, type AccessUser } from './api/access';
import { ApiServer } from './api/api-server';
import { GracePeriods } from './api/grace-periods';
import { FakeLeases } from './fakes/fake-leases';
import { FakePods } from './fakes/fake-pods';
import { ApiListener } from './http/api-listener';
import { Faults } from './http/faults';
import { RequestHandler } from './http/request-handler';
import { type RecordedRequest, RequestLog } from './http/request-log';
import { answerScale, SCALE_PATH, type Scalable } from './http/scale-endpoint';
import { RevisionStore } from './storage/revision-store';
import { InProcessApi } from './targets/in-process-api';
import { renderKubeconfig } from './targets/kubeconfig';
import type { KubernetesApi } from './targets/kubernetes-api';
import type { FaultyTarget, TargetNamespace, TargetUser } from './targets/kubernetes-target';

export interface KubernetesSimulatorOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Of `pods`, `leases` and the kubeconfig; created at the start beside `default`. Default `default`. */
  readonly namespace?: string;
  /** With users, every request needs the token of one. Default: none, everything is allowed. */
  readonly users?: readonly TargetUser[];
  /** How often a watch that wants bookmarks gets one. Default 60000. */
  readonly bookmarkIntervalMs?: number;
  /** `false`: a terminating pod stays until it is removed by force, as on a server without a kubelet. Default `true`. */
  readonly endsGracePeriods?: boolean;
}

const ADMIN = 'admin';
const DEFAULT_NAMESPACE = 'default';

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
  readonly faults = new Faults();
  /** What `POST /simulator/scale` scales. */
  statefulSet: Scalable | null = null;
  private readonly store = new RevisionStore();
  private readonly log = new RequestLog();
  private readonly access: AccessControl;
  private readonly gracePeriods: GracePeriods;
  private readonly listener: ApiListener;

  /** Does not serve yet: use `startKubernetesSimulator`. */
  constructor(private readonly options: KubernetesSimulatorOptions) {
    this.namespace = options.namespace ?? DEFAULT_NAMESPACE;
    this.access = new AccessControl(usersOf(options));
    this.gracePeriods = new GracePeriods(this.store, options.endsGracePeriods ?? true);
    const server = new ApiServer(this.store, this.access, this.gracePeriods, {
      now: () => new Date(),
      newUid: randomUUID,
    });
    this.api = new InProcessApi(server);
    this.pods = new FakePods(this.api, this.namespace);
    this.leases = new FakeLeases(this.api, this.namespace);
    const { bookmarkIntervalMs = 60_000, port = 0 } = options;
    const handler = new RequestHandler({ api: server, faults: this.faults, log: this.log, bookmarkIntervalMs });
    this.listener = new ApiListener((request, response) => {
      const isScale = request.method === 'POST' && request.url?.split('?')[0] === SCALE_PATH;
      const done = isScale ? answerScale(this.statefulSet, request, response) : handler.handle(request, response);
      done.catch(() => request.socket.destroy());
    }, port);
  }

  get url(): string {
    return this.listener.url;
  }

  /** The last requests that came over the network, oldest first. */
  get requests(): readonly RecordedRequest[] {
    return this.log.all;
  }

  async open(): Promise<void> {
    for (const name of new Set([DEFAULT_NAMESPACE, this.namespace])) await this.addNamespace(name);
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
    await this.listener.close();
  }

  forgetRequests(): void {
    this.log.clear();
  }

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
