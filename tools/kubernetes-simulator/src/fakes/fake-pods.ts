import type { Fields, Pod } from '../objects/kubernetes-object';
import { MERGE_PATCH } from '../objects/merge-patch';
import { isStatus, type KubernetesApi } from '../targets/kubernetes-api';

export interface NewPod {
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Pods of one namespace, with the test as scheduler and kubelet: nothing happens to a pod that is not done
 * here, except for the end of a grace period on the simulator. Works on any API server.
 */
export class FakePods {
  private addresses = 0;

  constructor(
    private readonly api: KubernetesApi,
    readonly namespace: string,
  ) {}

  /** Bound to a node, not started: phase Pending, no address. @throws KubernetesApiError 409 where it exists */
  create(name: string, pod: NewPod = {}): Promise<Pod> {
    return this.api.request('POST', this.path(), {
      metadata: { name, ...pod },
      spec: {
        nodeName: 'node-1',
        terminationGracePeriodSeconds: 30,
        containers: [{ name: 'agent', image: 'voice-agent:1' }],
      },
    });
  }

  /** Running, with an address, condition Ready true. */
  async createReady(name: string, pod: NewPod = {}): Promise<Pod> {
    await this.create(name, pod);
    return this.setReady(name, true, this.nextAddress());
  }

  /** @param podIp default: the one that it has. @throws KubernetesApiError 404 */
  async setReady(name: string, isReady: boolean, podIp?: string): Promise<Pod> {
    const status = isReady ? 'True' : 'False';
    return this.patchStatus(name, {
      phase: 'Running',
      ...(podIp !== undefined && { podIP: podIp, podIPs: [{ ip: podIp }] }),
      conditions: [
        { type: 'Ready', status, lastTransitionTime: now() },
        { type: 'ContainersReady', status, lastTransitionTime: now() },
      ],
    });
  }

  /** Succeeded, Failed, Unknown … @throws KubernetesApiError 404 */
  setPhase(name: string, phase: string): Promise<Pod> {
    return this.patchStatus(name, { phase });
  }

  /** Terminating from now on: it has a deletionTimestamp, and stays until `remove` or the end of its grace period. */
  terminate(name: string, graceSeconds = 30): Promise<Pod> {
    return this.api.request('DELETE', this.path(name), { gracePeriodSeconds: graceSeconds });
  }

  /** Gone at once, whatever runs in it. */
  async remove(name: string): Promise<void> {
    await this.api.request('DELETE', this.path(name), { gracePeriodSeconds: 0 });
  }

  /** The same name with a new uid, as when a StatefulSet starts its pod again. */
  async replace(name: string): Promise<Pod> {
    const { labels } = (await this.get(name)).metadata;
    await this.remove(name);
    return this.createReady(name, { labels });
  }

  /** @throws KubernetesApiError 404 */
  get(name: string): Promise<Pod> {
    return this.api.request('GET', this.path(name));
  }

  async exists(name: string): Promise<boolean> {
    try {
      await this.get(name);
      return true;
    } catch (error) {
      if (isStatus(error, 404)) return false;
      throw error;
    }
  }

  /** In the order of their names. */
  async list(labelSelector = ''): Promise<Pod[]> {
    const query = `?labelSelector=${encodeURIComponent(labelSelector)}`;
    return (await this.api.request<{ items: Pod[] }>('GET', `${this.path()}${query}`)).items;
  }

  private patchStatus(name: string, status: Fields): Promise<Pod> {
    return this.api.request('PATCH', `${this.path(name)}/status`, { status }, MERGE_PATCH);
  }

  private path(name?: string): string {
    return `/api/v1/namespaces/${this.namespace}/pods${name === undefined ? '' : `/${name}`}`;
  }

  private nextAddress(): string {
    this.addresses += 1;
    return `10.${(this.addresses >> 16) & 255}.${(this.addresses >> 8) & 255}.${this.addresses & 255}`;
  }
}

function now(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
