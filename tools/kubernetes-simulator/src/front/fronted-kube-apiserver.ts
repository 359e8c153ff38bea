import type { AccessRule } from '../api/access';
import { ApiListener } from '../http/api-listener';
import { FaultPlan } from '../http/fault';
import { type RecordedRequest, RequestLog } from '../http/request-log';
import { RunningWatches } from '../http/running-watches';
import type { FakeLeases } from '../played/fake-leases';
import type { FakePods } from '../played/fake-pods';
import { type KubeApiserver, type KubeApiserverOptions, startKubeApiserver } from '../targets/kube-apiserver';
import type { KubernetesApi } from '../targets/kubernetes-api';
import type { FaultyTarget, TargetNamespace } from '../targets/kubernetes-target';
import { renderKubeconfig } from '../targets/kubeconfig';
import { SimulatedFaults } from '../targets/simulated-faults';
import { RequestForwarder } from './request-forwarder';

/** Starts a real API server with a front that can make requests fail. @throws where it does not start */
export async function startFrontedKubeApiserver(options: KubeApiserverOptions = {}): Promise<FrontedKubeApiserver> {
  const fronted = new FrontedKubeApiserver(await startKubeApiserver(options));
  await fronted.open();
  return fronted;
}

/**
 * A real API server behind a front on the line to it, which refuses, breaks, cuts and spoils what clients of the
 * kubeconfig send and get. Everything that it lets through is the word of the real server. Without TLS.
 */
export class FrontedKubeApiserver implements FaultyTarget {
  readonly kind = 'kube-apiserver';
  readonly namespace: string;
  readonly api: KubernetesApi;
  readonly pods: FakePods;
  readonly leases: FakeLeases;
  readonly faults: SimulatedFaults;
  private readonly log = new RequestLog();
  private readonly forwarder: RequestForwarder;
  private readonly listener: ApiListener;

  /** Use `startFrontedKubeApiserver`. */
  constructor(private readonly server: KubeApiserver) {
    this.namespace = server.namespace;
    this.api = server.api;
    this.pods = server.pods;
    this.leases = server.leases;
    const faults = new FaultPlan();
    const watches = new RunningWatches();
    this.faults = new SimulatedFaults(faults, watches);
    const { certificateAuthority, url } = server;
    this.forwarder = new RequestForwarder({ url, certificateAuthority, faults, watches, log: this.log });
    this.listener = new ApiListener(
      (request, response) =>
        void this.forwarder.handle(request, response).catch(() => request.socket.resetAndDestroy()),
      '127.0.0.1',
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
