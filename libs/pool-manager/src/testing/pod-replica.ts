import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  connectKubernetes,
  type KubernetesApi,
  type KubernetesConnection,
  ListWatch,
  PODS,
  type RestartReason,
} from '@smart-router/kubernetes';
import { RecordingLogger } from '@smart-router/logging/testing';
import { systemClock } from '@smart-router/scheduling';
import { readKubernetesPod, type KubernetesPod } from '../kubernetes-pods/kubernetes-pod';
import { KubernetesPodSource } from '../kubernetes-pods/kubernetes-pod-source';

export interface ReplicaOptions {
  /** Default: that of the product. */
  readonly silenceMs?: number;
}

/** The pod source of one process of the product, with a connection and a kubeconfig of its own. */
export class PodReplica {
  readonly logger = new RecordingLogger();
  readonly restarts: RestartReason[] = [];
  readonly pods: ListWatch<KubernetesPod>;
  readonly source: KubernetesPodSource;
  private readonly folder = mkdtempSync(join(tmpdir(), 'pod-replica-'));
  private readonly connection: KubernetesConnection;
  private readonly stopping = new AbortController();
  private observing: Promise<void> = Promise.resolve();

  constructor(kubeconfig: string, namespace: string, { silenceMs = 75_000 }: ReplicaOptions) {
    const clock = systemClock;
    this.writeKubeconfig(kubeconfig);
    this.connection = connectKubernetes({ kubeconfig: this.kubeconfig, inCluster: null }, clock);
    const observer = {
      heard: () => undefined,
      ended: () => undefined,
      restarted: (reason: RestartReason) => void this.restarts.push(reason),
      malformed: () => undefined,
    };
    this.pods = new ListWatch<KubernetesPod>(
      { api: this.api, clock, random: Math.random, logger: this.logger, observer },
      { resource: PODS, namespace, labelSelector: 'app=voice-agent', read: readKubernetesPod },
      { silenceMs, watchMs: 300_000, maxLineBytes: 1024 * 1024 },
    );
    this.source = new KubernetesPodSource({ pods: this.pods, clock, logger: this.logger });
  }

  get api(): KubernetesApi {
    return this.connection.api;
  }

  observe(): void {
    this.observing = this.source.observe(() => undefined, this.stopping.signal);
  }

  /** Asks the cluster; while `observe` runs. */
  list() {
    return this.source.list(this.stopping.signal, { isFresh: true });
  }

  writeKubeconfig(text: string): void {
    writeFileSync(this.kubeconfig, text);
  }

  /** The texts of all errors in the log. */
  get complaints(): string[] {
    return this.logger.lines.map(({ fields }) => String((fields as { err?: Error }).err?.message));
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.observing;
    this.connection.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get kubeconfig(): string {
    return join(this.folder, 'config');
  }
}
