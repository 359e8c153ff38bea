import { KubernetesApiError, PODS, type ApiCall, type KubernetesApi, type ListWatch } from '@smart-router/kubernetes';
import type { FleetReader, PodView } from '@smart-router/routing-store';
import type { Clock, RunResult } from '@smart-router/scheduling';
import type { LeaderTask } from '../domain/leader-task';
import { POD_DELETION_COST, type KubernetesPod } from './kubernetes-pod';

interface PodDeletionCostsOptions {
  readonly api: Pick<KubernetesApi, 'call'>;
  readonly namespace: string;
  /** What is known of the pods, without asking. */
  readonly pods: Pick<ListWatch<KubernetesPod>, 'get'>;
  readonly store: Pick<FleetReader, 'pods'>;
  readonly clock: Clock;
}

/** A pod whose annotation does not say what it should. */
interface OutdatedCost {
  readonly podName: string;
  readonly uid: string;
  readonly calls: number;
  /** How far the annotation is from the truth, in calls. */
  readonly difference: number;
}

/** A rollout or scale-down asks for the costs once; they are at most this old. */
const INTERVAL_MS = 5_000;
const LONGEST_INTERVAL_MS = 60_000;
/** Reading the store takes at most this share of the time, so that large fleets are read less often. */
const SHARE_OF_TIME = 0.05;
const PAGE_LIMIT = 200;
/** No more than ten a second. */
const GAP_MS = 100;
/** Then the store is read again: by that time others may be further off. */
const PATCHES_PER_RUN = 50;
/** The pod has gone, or is another one by now, which 422 means for a foreign uid. */
const GONE = [404, 409, 422];
/** Would befall every other pod, too. */
const OF_ALL_PODS = [401, 403, 429];
const MERGE_PATCH = 'application/merge-patch+json';

/**
 * Keeps the annotation `controller.kubernetes.io/pod-deletion-cost` in step with the number of live calls, so that a
 * ReplicaSet that is scaled down ends idle pods first. Needs the verb patch for pods.
 *
 * Guarantees: while nothing changes, every annotation agrees with the load after a while, those first that are furthest
 * off, and then nothing is sent. Violated by: calls that come and go within the interval, which are not reported.
 * The costs are a hint to Kubernetes by its own definition: nothing here relies on them.
 */
export class PodDeletionCosts implements LeaderTask {
  readonly name = 'pod-deletion-cost';
  readonly intervalMs = LONGEST_INTERVAL_MS;

  constructor(private readonly options: PodDeletionCostsOptions) {}

  /**
   * A pod that cannot be patched does not keep the others from it.
   * @throws KubernetesApiError, KubernetesUnreachableError, StoreUnavailableError, or the signal's reason
   */
  async run(signal: AbortSignal): Promise<RunResult> {
    const { clock } = this.options;
    const began = clock.now();
    const outdated = await this.outdated(signal);
    const pauseMs = (clock.now() - began) / SHARE_OF_TIME;
    const failures: unknown[] = [];
    for (const pod of outdated.slice(0, PATCHES_PER_RUN)) {
      signal.throwIfAborted();
      failures.push(...(await this.patch(pod, signal)));
      await clock.sleep(GAP_MS, signal);
    }
    if (failures.length > 0) throw failures[0];
    const hasMore = outdated.length > PATCHES_PER_RUN;
    return { againAfterMs: hasMore ? pauseMs : Math.max(INTERVAL_MS, pauseMs) };
  }

  /** Those that are furthest off first. */
  private async outdated(signal: AbortSignal): Promise<OutdatedCost[]> {
    const found: OutdatedCost[] = [];
    let cursor: string | null = null;
    do {
      signal.throwIfAborted();
      const page: Awaited<ReturnType<FleetReader['pods']>> = await this.options.store.pods({
        limit: PAGE_LIMIT,
        ...(cursor !== null && { cursor }),
      });
      for (const view of page.items) found.push(...this.compared(view));
      ({ cursor } = page);
    } while (cursor !== null);
    return found.sort((a, b) => b.difference - a.difference);
  }

  /** A pod that goes, or is another one by now, is left alone. */
  private compared({ calls: { length: calls }, incarnation, podName }: PodView): OutdatedCost[] {
    const known = this.options.pods.get(podName);
    if (known?.kind !== 'pod' || known.pod.terminating || known.pod.incarnation !== incarnation) return [];
    const difference = known.deletionCost === null ? Infinity : Math.abs(known.deletionCost - calls);
    return difference === 0 ? [] : [{ podName, uid: known.uid, calls, difference }];
  }

  /** @returns why it failed, where that is a matter of this pod alone */
  private async patch({ calls, podName, uid }: OutdatedCost, signal: AbortSignal): Promise<readonly unknown[]> {
    // With the uid the API refuses it where another pod has taken the name meanwhile.
    const metadata = { uid, annotations: { [POD_DELETION_COST]: String(calls) } };
    const call: ApiCall = {
      verb: 'patch',
      resource: PODS,
      namespace: this.options.namespace,
      name: podName,
      body: { metadata },
      contentType: MERGE_PATCH,
    };
    try {
      await this.options.api.call(call, signal);
      return [];
    } catch (error) {
      return this.failureOf(error, signal);
    }
  }

  /**
   * @returns the error, where other pods may do better; nothing where the pod has gone since
   * @throws the error, after the time that the server asks for, where they would not
   */
  private async failureOf(error: unknown, signal: AbortSignal): Promise<readonly unknown[]> {
    if (!(error instanceof KubernetesApiError)) throw error;
    if (GONE.includes(error.status)) return [];
    const { retryAfterMs, status } = error;
    // A server that asks for time asks for it for all pods.
    if (!OF_ALL_PODS.includes(status) && retryAfterMs === null) return [error];
    await this.options.clock.sleep(retryAfterMs ?? 0, signal);
    throw error;
  }
}
