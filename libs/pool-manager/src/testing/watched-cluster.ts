import type { FaultyTarget, FakePods, TargetNamespace } from '@smart-router/kubernetes-simulator';
import { waitFor } from '@smart-router/testbed';
import { PodReplica, type ReplicaOptions } from './pod-replica';

/** Permissions that the pod source needs. */
export const POD_READER = [{ verbs: ['list' as const, 'watch' as const], resources: ['pods'] }];
export const USER = 'smart-router';
export const CLUSTER_USERS = [{ name: USER, rules: POD_READER }];
const LABELS = { app: 'voice-agent' };
/** Requests of that many at a time: a real server refuses those of too many. */
const BATCH = 50;
/** A real server may have to start anew. */
const PATIENCE_MS = 30_000;

/** Replicas of the product that follow the pods of one namespace of a cluster, over real connections. */
export class WatchedCluster {
  private constructor(
    readonly target: FaultyTarget,
    readonly namespace: TargetNamespace,
    readonly replicas: readonly PodReplica[],
  ) {}

  /** @param target with the user `USER`; stays as it is when this one is stopped */
  static async open(target: FaultyTarget, count = 1, options: ReplicaOptions = {}): Promise<WatchedCluster> {
    const namespace = await target.createNamespace();
    const replicas = Array.from(
      { length: count },
      () => new PodReplica(target.kubeconfig(USER), namespace.name, options),
    );
    const cluster = new WatchedCluster(target, namespace, replicas);
    target.forgetRequests();
    return cluster;
  }

  async close(): Promise<void> {
    this.target.faults.clear();
    await Promise.all(this.replicas.map((replica) => replica.close()));
  }

  get pods(): FakePods {
    return this.namespace.pods;
  }

  /** The one, where there is but one. */
  get replica(): PodReplica {
    return this.replicas[0] as PodReplica;
  }

  /** All replicas observe until `close`; resolves when their watches are open. */
  async observe(): Promise<void> {
    for (const replica of this.replicas) replica.observe();
    const count = (): number => this.target.faults.watches.count({ namespace: this.namespace.name });
    await waitFor(() => count() === this.replicas.length, { description: 'open watches', timeoutMs: PATIENCE_MS });
  }

  async add(...names: readonly string[]): Promise<void> {
    for (let start = 0; start < names.length; start += BATCH) {
      const batch = names.slice(start, start + BATCH);
      await Promise.all(batch.map((name) => this.pods.createReady(name, { labels: LABELS })));
    }
  }

  /** What was asked of pods since the log was emptied, oldest first. */
  requests(verb: string): FaultyTarget['requests'] {
    return this.target.requests.filter(
      ({ resource }) => resource?.verb === verb && resource.namespace === this.namespace.name,
    );
  }

  /** How often each replica has asked for it, on average. */
  asked(verb: string): number {
    return this.requests(verb).length / this.replicas.length;
  }

  /** Waits until each source, which is not asked meanwhile, knows of the pod whether it is ready; `null` for no pod. */
  async becomes(podName: string, ready: boolean | null): Promise<void> {
    for (const { source } of this.replicas) {
      const description = `${podName} with ready ${ready}`;
      const timeoutMs = PATIENCE_MS;
      await waitFor(() => (source.recall(podName)?.ready ?? null) === ready, { description, timeoutMs });
    }
  }

  /** Waits until the watch of each replica was begun again for this reason so often. */
  async restarted(reason: string, times = 1): Promise<void> {
    for (const { restarts } of this.replicas) {
      await waitFor(() => restarts.filter((one) => one === reason).length >= times, {
        description: `${times} watches that are ${reason}`,
        timeoutMs: PATIENCE_MS,
      });
    }
  }

  /** Why watches were begun again, by replica. */
  get restarts(): readonly (readonly string[])[] {
    return this.replicas.map(({ restarts }) => restarts);
  }
}
