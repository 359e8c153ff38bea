import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectKubernetes, ListWatch, PODS, type KubernetesApi, type RestartReason } from '@smart-router/kubernetes';
import { startKubernetesSimulator, type KubernetesSimulator } from '@smart-router/kubernetes-simulator';
import { RecordingLogger } from '@smart-router/logging/testing';
import { systemClock } from '@smart-router/scheduling';
import { waitFor } from '@smart-router/test-processes';
import { readKubernetesPod, type KubernetesPod } from '../kubernetes-pods/kubernetes-pod';
import { KubernetesPodSource } from '../kubernetes-pods/kubernetes-pod-source';

/** Permissions that the pod source needs. */
export const POD_READER = [{ verbs: ['list', 'watch'], resources: ['pods'] }] as const;
export const USER = 'smart-router';
const LABELS = { app: 'voice-agent' };
/** In place of a minute and more. */
const SILENCE_MS = 1_500;

/** A pod source on a simulated cluster, over a real connection. */
export class WatchedCluster {
  readonly logger = new RecordingLogger();
  readonly restarts: RestartReason[] = [];
  readonly api: KubernetesApi;
  readonly pods: ListWatch<KubernetesPod>;
  readonly source: KubernetesPodSource;
  malformed = 0;
  private readonly stopping = new AbortController();
  private observing: Promise<void> = Promise.resolve();

  private constructor(
    readonly simulator: KubernetesSimulator,
    readonly kubeconfig: string,
  ) {
    const clock = systemClock;
    const { api } = connectKubernetes({ kubeconfig, inCluster: null }, clock);
    this.api = api;
    const observer = {
      heard: () => undefined,
      ended: () => undefined,
      restarted: (reason: RestartReason) => void this.restarts.push(reason),
      malformed: () => void this.malformed++,
    };
    this.pods = new ListWatch<KubernetesPod>(
      { api, clock, random: Math.random, logger: this.logger, observer },
      {
        resource: PODS,
        namespace: simulator.namespace,
        labelSelector: 'app=voice-agent',
        read: readKubernetesPod,
      },
      { silenceMs: SILENCE_MS, watchMs: 300_000, maxLineBytes: 1024 * 1024 },
    );
    this.source = new KubernetesPodSource({ pods: this.pods, clock, logger: this.logger });
  }

  static async start(): Promise<WatchedCluster> {
    const simulator = await startKubernetesSimulator({
      users: [{ name: USER, rules: POD_READER }],
      bookmarkIntervalMs: 500,
      endsGracePeriods: false,
    });
    const kubeconfig = join(mkdtempSync(join(tmpdir(), 'cluster-')), 'config');
    writeFileSync(kubeconfig, simulator.kubeconfig(USER));
    return new WatchedCluster(simulator, kubeconfig);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.observing;
    await this.simulator.stop();
  }

  /** Observes until `stop`; resolves when the watch is open. */
  async observe(): Promise<void> {
    this.observing = this.source.observe(() => undefined, this.stopping.signal);
    await this.watches();
  }

  async watches(): Promise<void> {
    await waitFor(() => this.simulator.faults.watches.count() === 1, {
      description: 'an open watch',
      timeoutMs: 15_000,
    });
  }

  list() {
    return this.source.list(this.stopping.signal);
  }

  add(...names: readonly string[]): Promise<unknown> {
    return Promise.all(names.map((name) => this.simulator.pods.createReady(name, { labels: LABELS })));
  }

  /** What was asked of pods since the simulator's log was emptied. */
  asked(verb: string): number {
    return this.simulator.requests.filter(({ resource }) => resource?.verb === verb).length;
  }

  /** Waits until the source, which nobody asks meanwhile, knows of the pod whether it is ready; `null` for no pod. */
  async becomes(podName: string, ready: boolean | null): Promise<void> {
    const description = `${podName} with ready ${ready}`;
    await waitFor(() => (this.source.recall(podName)?.ready ?? null) === ready, { description, timeoutMs: 15_000 });
  }
}
