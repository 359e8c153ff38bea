import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../processes/child';
import type { ClusterApi, PodObject } from './cluster-api';

export interface AgentPod {
  readonly name: string;
  readonly ip: string;
  readonly process: Child;
}

export interface StatefulSetParts {
  readonly cluster: ClusterApi;
  readonly pods: readonly AgentPod[];
  /** Of the API, as the hook of the pods reaches it. */
  readonly serviceUrl: string;
  readonly fail: (error: unknown) => void;
}

interface Seen {
  readonly uid: string;
  /** What of the container the cluster was last given. */
  state: string;
  startsBefore: number;
  isEnding: boolean;
}

const LOOK_MS = 200;
/** A little longer than the API lets the hook wait. */
const HOOK_TIMEOUT_MS = 40_000;

/**
 * A StatefulSet and the node that its pods run on. Looks at the pods of the cluster again and again: one that is missing
 * is created and started. What could not be done is tried again. One that terminates gets its pre-stop hook, ends, and comes back. One whose container was ended
 * is reported with one restart more.
 */
export class StatefulSet {
  private readonly seen = new Map<string, Seen>();
  private readonly stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly parts: StatefulSetParts) {}

  run(): void {
    this.running = this.loop();
  }

  /** Leaves the processes as they are. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async loop(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      // The API of the cluster may be away: the next look shows what is to be done then.
      await this.reconcile().catch(() => undefined);
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async reconcile(): Promise<void> {
    const objects = new Map((await this.parts.cluster.list()).map((pod) => [pod.metadata.name, pod]));
    await Promise.all(this.parts.pods.map((pod) => this.reconcilePod(pod, objects.get(pod.name))));
  }

  private async reconcilePod(pod: AgentPod, found: PodObject | undefined): Promise<void> {
    const object = found ?? (await this.parts.cluster.create(pod.name));
    const { deletionTimestamp, uid } = object.metadata;
    const seen = this.seenOf(pod, uid);
    if (deletionTimestamp !== undefined && !seen.isEnding) {
      seen.isEnding = true;
      this.endPod(pod).catch(() => (seen.isEnding = false));
    }
    await this.report(pod, seen);
  }

  /** A pod of another uid is a new one, and its process is started. */
  private seenOf(pod: AgentPod, uid: string): Seen {
    const known = this.seen.get(pod.name);
    if (known?.uid === uid) return known;
    const seen = { uid, state: '', startsBefore: pod.process.starts, isEnding: false };
    this.seen.set(pod.name, seen);
    // It still runs where the pod was removed by force.
    pod.process.restart().catch((error: unknown) => this.parts.fail(error));
    return seen;
  }

  private async report({ ip, name, process }: AgentPod, seen: Seen): Promise<void> {
    const restarts = Math.max(0, process.starts - seen.startsBefore - 1);
    const state = { podIp: ip, isReady: process.isServing && !process.isStopping, restarts };
    const text = JSON.stringify(state);
    if (text === seen.state) return;
    seen.state = text;
    await this.parts.cluster.setState(name, seen.uid, state);
  }

  /** As a node does: the hook, SIGTERM, and the object goes when the process has gone. */
  private async endPod({ name, process }: AgentPod): Promise<void> {
    while (!this.stopped.signal.aborted && !(await this.isDrained(name))) {
      await sleep(200, undefined, { signal: this.stopped.signal }).catch(() => undefined);
    }
    if (this.stopped.signal.aborted) return;
    await process.stop();
    await this.parts.cluster.remove(name);
  }

  /** The hook of docs/kubernetes.md: any other answer, or none, means "busy". */
  private async isDrained(name: string): Promise<boolean> {
    const url = `${this.parts.serviceUrl}/api/v1/pod/${name}/drained?wait=30s`;
    const signal = AbortSignal.any([this.stopped.signal, AbortSignal.timeout(HOOK_TIMEOUT_MS)]);
    const answer = await fetch(url, { signal }).then(
      (response) => response.json() as Promise<{ drained?: boolean }>,
      () => null,
    );
    return answer?.drained === true;
  }
}
