import { randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@smart-router/testbed';
import type { AccessRule } from '../api/access';
import { FakeLeases } from '../fakes/fake-leases';
import { FakePods } from '../fakes/fake-pods';
import { ClusterAccess } from './cluster-access';
import { EtcdProcess } from './etcd-process';
import { HttpsApi } from './https-api';
import { KubeApiserverProcess } from './kube-apiserver-process';
import { renderKubeconfig } from './kubeconfig';
import type { KubernetesApi } from './kubernetes-api';
import type { KubernetesTarget, TargetNamespace, TargetUser } from './kubernetes-target';

export interface KubeApiserverOptions {
  /** The folder with `kube-apiserver` and `etcd`. Default: KUBEBUILDER_ASSETS. */
  readonly assets?: string;
  readonly users?: readonly TargetUser[];
  /** More arguments of kube-apiserver. */
  readonly args?: readonly string[];
}

const ADMIN = 'test-admin';

/** @returns the folder that KUBEBUILDER_ASSETS names. @throws Error that says what is missing */
export function kubebuilderAssets(folder = process.env['KUBEBUILDER_ASSETS'] ?? ''): string {
  if (folder === '') throw new Error('KUBEBUILDER_ASSETS is not set: name a folder with kube-apiserver and etcd');
  for (const name of ['kube-apiserver', 'etcd']) {
    try {
      accessSync(join(folder, name), constants.X_OK);
    } catch (error) {
      throw new Error(`KUBEBUILDER_ASSETS=${folder} has no program ${name}`, { cause: error });
    }
  }
  return folder;
}

/** Starts etcd and kube-apiserver on free ports and resolves when they serve. @throws where they do not */
export async function startKubeApiserver(options: KubeApiserverOptions = {}): Promise<KubeApiserver> {
  const assets = kubebuilderAssets(options.assets);
  const folder = await mkdtemp(join(tmpdir(), 'smart-router-kube-'));
  const users = options.users ?? [];
  const tokens = new Map([ADMIN, ...users.map(({ name }) => name)].map((name) => [name, newToken()]));
  const etcd = await EtcdProcess.start(assets, folder);
  let server: KubeApiserverProcess | null = null;
  try {
    server = await KubeApiserverProcess.start({
      assets,
      folder,
      etcdUrl: etcd.url,
      adminToken: tokens.get(ADMIN) ?? '',
      tokens: [...tokens].map(tokenLine),
      args: options.args ?? [],
    });
    const target = new KubeApiserver(etcd, server, folder, tokens);
    await target.prepare(users);
    return target;
  } catch (error) {
    await server?.stop();
    await etcd.stop();
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function tokenLine([name, token]: readonly [name: string, token: string]): string {
  return `${token},${name},${name}${name === ADMIN ? ',system:masters' : ''}`;
}

function newToken(): string {
  return randomBytes(16).toString('hex');
}

/** A real API server over its own etcd, without scheduler, kubelet and controllers. */
export class KubeApiserver implements KubernetesTarget {
  readonly kind = 'kube-apiserver';
  readonly namespace = 'default';
  readonly faults = null;
  readonly api: KubernetesApi;
  readonly pods: FakePods;
  readonly leases: FakeLeases;
  private readonly https: HttpsApi;
  private readonly access: ClusterAccess;

  /** Use `startKubeApiserver`. */
  constructor(
    private readonly etcd: EtcdProcess,
    private readonly server: KubeApiserverProcess,
    private readonly folder: string,
    private readonly tokens: ReadonlyMap<string, string>,
  ) {
    this.https = new HttpsApi(server.url, this.tokenOf(), server.certificateAuthority);
    this.api = this.https;
    this.pods = new FakePods(this.api, this.namespace);
    this.leases = new FakeLeases(this.api, this.namespace);
    this.access = new ClusterAccess(this.api);
  }

  get url(): string {
    return this.server.url;
  }

  /** PEM of the authority that signed its certificate. */
  get certificateAuthority(): string {
    return this.server.certificateAuthority;
  }

  /** A server that says that it is ready has not yet created its own namespaces. */
  async prepare(users: readonly TargetUser[]): Promise<void> {
    await waitFor(() => this.api.request('GET', `/api/v1/namespaces/${this.namespace}`), {
      timeoutMs: 30_000,
      description: `the namespace ${this.namespace}`,
    });
    for (const { name, rules } of users) await this.setRules(name, rules);
  }

  kubeconfig(user?: string): string {
    const { url, certificateAuthority } = this;
    return renderKubeconfig({ url, namespace: this.namespace, token: this.tokenOf(user), certificateAuthority });
  }

  async createNamespace(): Promise<TargetNamespace> {
    const name = `test-${randomBytes(4).toString('hex')}`;
    await this.api.request('POST', '/api/v1/namespaces', { metadata: { name } });
    return { name, pods: new FakePods(this.api, name), leases: new FakeLeases(this.api, name) };
  }

  async setRules(user: string, rules: readonly AccessRule[]): Promise<void> {
    this.tokenOf(user);
    await this.access.setRules(user, rules);
  }

  async compact(): Promise<void> {
    await this.etcd.compact();
    // The server itself remembers what etcd has forgotten.
    await this.stopServing();
    await this.startServing();
  }

  async stopServing(): Promise<void> {
    await this.server.stop();
    this.https.close();
  }

  startServing(): Promise<void> {
    return this.server.serve();
  }

  async stop(): Promise<void> {
    await this.stopServing();
    await this.etcd.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** @param user default: one with all permissions. @throws Error where there is no such user */
  tokenOf(user = ADMIN): string {
    const token = this.tokens.get(user);
    if (token === undefined) throw new Error(`there is no user ${user}`);
    return token;
  }
}
