import type { EventLogger } from '@smart-router/logging';
import type { ListWatch, ObjectChange } from '@smart-router/kubernetes';
import type { Clock } from '@smart-router/scheduling';
import { PodSourceUnavailableError, type ObservedPod, type PodChange, type PodSource } from '../domain/pod-source';
import { FlapDamper } from './flap-damper';
import type { KubernetesPod } from './kubernetes-pod';

interface KubernetesPodSourceOptions {
  readonly pods: Pick<ListWatch<KubernetesPod>, 'list' | 'get' | 'run'>;
  readonly clock: Clock;
  readonly logger: EventLogger;
}

type SeenPod = Extract<KubernetesPod, { kind: 'pod' }>;

/** How many names a log line holds. */
const NAMES_LOGGED = 10;

/** The pods of a Kubernetes namespace that a label selector names. Asks for no more than to list and watch them. */
export class KubernetesPodSource implements PodSource {
  private readonly damper = new FlapDamper();
  /** Names of pods that will be reported again when they are to be believed. */
  private readonly held = new Set<string>();
  private unusable = 0;
  private withoutAgent = 0;

  constructor(private readonly options: KubernetesPodSourceOptions) {}

  async list(signal: AbortSignal, options: { readonly isFresh?: boolean } = {}): Promise<readonly ObservedPod[]> {
    const listed = await this.listed(signal, options);
    this.reportUnusable(listed);
    const found = listed.filter((one) => one.kind === 'pod');
    this.reportWithoutAgent(found);
    this.damper.keep(new Set(found.map(({ uid }) => uid)));
    return found.map((one) => this.damped(one));
  }

  recall(podName: string): ObservedPod | null {
    const found = this.options.pods.get(podName);
    return found?.kind === 'pod' ? this.damped(found) : null;
  }

  /** What fails at the API is among the facts of the cluster. */
  problem(): null {
    return null;
  }

  async observe(onChange: (change: PodChange) => void, signal: AbortSignal): Promise<void> {
    const waiting = new Set<Promise<void>>();
    await this.options.pods.run((change) => {
      const reported = this.changeOf(change);
      if (reported) onChange(reported);
      if (change.kind === 'any' || this.held.has(change.name)) return;
      const wait = this.reportWhenBelieved(change.name, onChange, signal).finally(() => waiting.delete(wait));
      waiting.add(wait);
    }, signal);
    await Promise.all(waiting);
  }

  private changeOf(change: ObjectChange): PodChange | null {
    if (change.kind === 'any') return change;
    const found = this.options.pods.get(change.name);
    if (found?.kind === 'unusable') return null;
    if (found?.kind === 'pod') this.damper.note(found.uid, found.pod.ready, this.options.clock.now());
    const isThere = change.kind === 'present' && found?.kind === 'pod';
    return { kind: isThere ? 'seen' : 'gone', podName: change.name };
  }

  private async reportWhenBelieved(
    podName: string,
    onChange: (change: PodChange) => void,
    signal: AbortSignal,
  ): Promise<void> {
    this.held.add(podName);
    for (let ms = this.heldForMs(podName); ms > 0 && !signal.aborted; ms = this.heldForMs(podName)) {
      await this.options.clock.sleep(ms, signal);
      if (this.heldForMs(podName) === 0 && !signal.aborted) onChange({ kind: 'seen', podName });
    }
    this.held.delete(podName);
  }

  private heldForMs(podName: string): number {
    const found = this.options.pods.get(podName);
    return found?.kind === 'pod' ? this.damper.heldForMs(found.uid, this.options.clock.now()) : 0;
  }

  /** A pod whose container restarts again and again flaps as one: the damper knows it by its uid. */
  private damped({ pod, uid }: SeenPod): ObservedPod {
    const held = pod.ready && this.damper.heldForMs(uid, this.options.clock.now()) > 0;
    return held ? { ...pod, ready: false } : pod;
  }

  private async listed(
    signal: AbortSignal,
    options: { readonly isFresh?: boolean },
  ): Promise<readonly KubernetesPod[]> {
    try {
      return await this.options.pods.list(signal, options);
    } catch (error) {
      throw new PodSourceUnavailableError('Kubernetes', error);
    }
  }

  /** When their number changes, not with every list. */
  private reportWithoutAgent(pods: readonly SeenPod[]): void {
    const names = pods.flatMap(({ hasAgent, pod }) => (hasAgent ? [] : [pod.podName]));
    if (names.length > 0 && names.length !== this.withoutAgent) {
      const fields = { count: names.length, pod_names: names.slice(0, NAMES_LOGGED) };
      this.options.logger.warn(fields, 'pods have no container called AGENT_CONTAINER, its restarts are not seen');
    }
    this.withoutAgent = names.length;
  }

  /** When their number changes, not with every list. */
  private reportUnusable(listed: readonly KubernetesPod[]): void {
    const names = listed.flatMap((found) => (found.kind === 'unusable' ? [found.podName] : []));
    if (names.length > 0 && names.length !== this.unusable) {
      const fields = { count: names.length, pod_names: names.slice(0, NAMES_LOGGED) };
      this.options.logger.warn(fields, 'pods whose names cannot be used here get no calls');
    }
    this.unusable = names.length;
  }
}
