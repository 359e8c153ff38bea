import type { PodStatus, PoolName } from '@smart-router/routing-store';
import { assignPool, type DesiredPools, type PodCounts } from './desired-pools';
import type { Move } from './plan-moves';

interface AssignedPod {
  readonly podName: string;
  readonly pool: PoolName;
  readonly status: PodStatus;
}

/**
 * Which pod is in which pool as the plan grows, so that each decision sees those before it. Pods that are gone are in
 * none, even if their removal waits to be confirmed: those that come in their place find the pools as they will be.
 */
export class PoolAssignments {
  readonly counts: Map<PoolName, number>;
  private readonly assigned = new Map<string, AssignedPod>();

  constructor(
    private readonly desired: DesiredPools,
    private readonly formerPool: (podName: string) => PoolName | undefined,
    pods: readonly AssignedPod[],
    others: PodCounts = new Map(),
  ) {
    this.counts = new Map(others);
    for (const pod of pods) if (desired.byPriority.has(pod.pool)) this.take(pod);
  }

  pods(): Iterable<AssignedPod> {
    return this.assigned.values();
  }

  reassign(pod: AssignedPod): Move {
    const to = assignPool(this.desired, this.counts);
    this.take({ ...pod, pool: to });
    return { podName: pod.podName, from: pod.pool, to };
  }

  /** Assigns the pod where it is in no pool yet. */
  poolOf(podName: string): PoolName {
    return this.assigned.get(podName)?.pool ?? this.assign(podName);
  }

  private assign(podName: string): PoolName {
    const pool = assignPool(this.desired, this.counts, this.formerPool(podName));
    this.take({ podName, pool, status: 'available' });
    return pool;
  }

  private take(pod: AssignedPod): void {
    this.assigned.set(pod.podName, pod);
    this.counts.set(pod.pool, (this.counts.get(pod.pool) ?? 0) + 1);
  }
}
