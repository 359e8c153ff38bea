import type { AccessRule } from '../api/access';
import { ApiListener } from '../http/api-listener';
import { Faults } from '../http/faults';
import { type RecordedRequest, RequestLog } from '../http/request-log';
import type { FakeLeases } from '../fakes/fake-leases';
import type { FakePods } from '../fakes/fake-pods';
import { type KubeApiserver, type KubeApiserverOptions, startKubeApiserver } from '../targets/kube-apiserver';
import type { KubernetesApi } from '../targets/kubernetes-api';
import type { FaultyTarget, TargetNamespace } from '../targets/kubernetes-target';
import { renderKubeconfig } from '../targets/kubeconfig';
import { RequestForwarder } from './request-forwarder';

/** Starts a real API server behind a proxy that can make requests fail. @throws where it does not start */
export async function startProxiedKubeApiserver(options: KubeApiserverOptions = {}): Promise<ProxiedKubeApiserver> {
  const proxied = new ProxiedKubeApiserver(await startKubeApiserver(options));
  await proxied.open();
  return proxied;
}

/**
 * A real API server behind a proxy, which refuses and breaks requests of the clients of the kubeconfig and spoils their
 * watches. Everything that it forwards comes from the real server. Without TLS.
 */
export class ProxiedKubeApiserver implements FaultyTarget {
  readonly kind = 'kube-apiserver';
  readonly namespace: string;
  readonly api: KubernetesApi;
  readonly pods: FakePods;
  readonly leases: FakeLeases;
  readonly faults = new Faults();
  private readonly log = new RequestLog();
  private readonly forwarder: RequestForwarder;
  private readonly listener: ApiListener;

  /** Use `startProxiedKubeApiserver`. */
  constructor(private readonly server: KubeApiserver) {
    this.namespace = server.namespace;
    this.api = server.api;
    this.pods = server.pods;
    this.leases = server.leases;
    const { certificateAuthority, url } = server;
    this.forwarder = new RequestForwarder({ url, certificateAuthority, faults: this.faults, log: this.log });
    this.listener = new ApiListener(
      (request, response) =>
        void this.forwarder.handle(request, response).catch(() => request.socket.resetAndDestroy()),
      0,
    );
  }

  get url(): string {
    return this.listener.url;
  }

  get requests(): readonly RecordedRequest[] {
    return this.log.all;
  }

  open(): Promise<void> {
    return this.listener.open();
  }

  forgetRequests(): void {
    this.log.clear();
  }

  kubeconfig(user?: string): string {
    return renderKubeconfig({ url: this.url, namespace: this.namespace, token: this.server.tokenOf(user) });
  }

  createNamespace(): Promise<TargetNamespace> {
    return this.server.createNamespace();
  }

  setRules(user: string, rules: readonly AccessRule[]): Promise<void> {
    return this.server.setRules(user, rules);
  }

  async compact(): Promise<void> {
    await this.server.compact();
    this.forwarder.close();
  }

  async stopServing(): Promise<void> {
    await this.server.stopServing();
    this.forwarder.close();
    await this.listener.close();
  }

  async startServing(): Promise<void> {
    await this.server.startServing();
    await this.listener.open();
  }

  async stop(): Promise<void> {
    await this.listener.close();
    this.forwarder.close();
    await this.server.stop();
  }
}
