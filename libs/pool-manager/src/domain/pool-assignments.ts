import type { PodStatus, PoolName } from '@smart-router/routing-store';
import type { DesiredPools } from './desired-pools';
import type { Move } from './plan-moves';
import { assignPool, type PodCounts } from './tier-assigner';

interface Seat {
  readonly podName: string;
  readonly pool: PoolName;
  readonly status: PodStatus;
}

/**
 * Who sits in which pool as the plan grows, so that each decision sees those before it. Pods that are gone have no
 * seat, even if their removal waits to be confirmed: those that come in their place find the pools as they will be.
 */
export class PoolAssignments {
  readonly counts: Map<PoolName, number>;
  private readonly seats = new Map<string, Seat>();

  constructor(
    private readonly desired: DesiredPools,
    private readonly formerPool: (podName: string) => PoolName | undefined,
    pods: readonly Seat[],
    others: PodCounts = new Map(),
  ) {
    this.counts = new Map(others);
    for (const pod of pods) if (desired.byPriority.has(pod.pool)) this.take(pod);
  }

  pods(): Iterable<Seat> {
    return this.seats.values();
  }

  reassign(pod: Seat): Move {
    const to = assignPool(this.desired, this.counts);
    this.take({ ...pod, pool: to });
    return { podName: pod.podName, from: pod.pool, to };
  }

  /** Gives the pod a seat where it has none yet. */
  poolOf(podName: string): PoolName {
    return this.seats.get(podName)?.pool ?? this.assign(podName);
  }

  private assign(podName: string): PoolName {
    const pool = assignPool(this.desired, this.counts, this.formerPool(podName));
    this.take({ podName, pool, status: 'available' });
    return pool;
  }

  private take(seat: Seat): void {
    this.seats.set(seat.podName, seat);
    this.counts.set(seat.pool, (this.counts.get(seat.pool) ?? 0) + 1);
  }
}
