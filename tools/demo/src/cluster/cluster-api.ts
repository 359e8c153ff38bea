import { sendRequest } from '@smart-router/testbed';

/** What the demo reads of a pod. */
export interface PodObject {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string };
}

/** What is true of a pod's container. */
export interface ContainerState {
  readonly podIp: string;
  readonly isReady: boolean;
  /** How often it was started again within its pod. */
  readonly restarts: number;
}

const CONTAINER = 'agent';
/** A call may last that long, and its pod stays for it. */
const GRACE_SECONDS = 3600;

/** The pods of one namespace, over the API of the cluster, as a node and a StatefulSet write them. */
export class ClusterApi {
  /** @param url of the cluster's API, no slash at the end */
  constructor(
    private readonly url: string,
    private readonly namespace: string,
    private readonly labels: Readonly<Record<string, string>>,
  ) {}

  async list(): Promise<readonly PodObject[]> {
    return (await this.send<{ items: PodObject[] }>('GET', '')).items;
  }

  /** Bound to a node, not started. */
  create(name: string): Promise<PodObject> {
    return this.send('POST', '', {
      metadata: { name, labels: this.labels },
      spec: {
        nodeName: 'this-machine',
        terminationGracePeriodSeconds: GRACE_SECONDS,
        containers: [{ name: CONTAINER, image: 'voice-agent:demo' }],
      },
    });
  }

  async setState(name: string, uid: string, { isReady, podIp, restarts }: ContainerState): Promise<void> {
    const condition = { status: isReady ? 'True' : 'False', lastTransitionTime: new Date().toISOString() };
    await this.send('PATCH', `/${name}/status`, {
      status: {
        phase: 'Running',
        podIP: podIp,
        podIPs: [{ ip: podIp }],
        conditions: ['Ready', 'ContainersReady'].map((type) => ({ type, ...condition })),
        containerStatuses: [
          { name: CONTAINER, ready: isReady, restartCount: restarts, containerID: `demo://${uid}-${restarts}` },
        ],
      },
    });
  }

  /** `kubectl delete pod`: it terminates, and stays until its process has ended. */
  async delete(name: string): Promise<void> {
    await this.send('DELETE', `/${name}`, {});
  }

  /** Its process has ended: the object goes, too. */
  async remove(name: string): Promise<void> {
    await this.send('DELETE', `/${name}`, { gracePeriodSeconds: 0 });
  }

  private async send<Body>(method: string, path: string, body?: object): Promise<Body> {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const reply = await sendRequest<Body>(`${this.url}/api/v1/namespaces/${this.namespace}/pods${path}`, {
      method,
      headers: { 'content-type': type },
      ...(body && { body: JSON.stringify(body) }),
    });
    // Somebody else has removed it meanwhile: the next look shows it.
    if (reply.status >= 400 && reply.status !== 404) throw new Error(`${method} pods${path}: ${reply.text}`);
    return reply.body;
  }
}
