import type { PodStatus, PodView, PoolName, PoolPolicy, RegisterPodCommand } from '@smart-router/routing-store';
import type { DesiredPools } from './desired-pools';
import { planMoves, type Move } from './plan-moves';
import type { ObservedPod } from './pod-source';
import { assignPool } from './tier-assigner';

/** What the store holds at the start of a pass. */
export interface StoredFleet {
  readonly pods: readonly StoredPod[];
  readonly pools: readonly PoolName[];
}

export type StoredPod = Pick<PodView, 'podName' | 'pool' | 'status' | 'incarnation' | 'ready'>;

export interface PassInput {
  readonly desired: DesiredPools;
  readonly stored: StoredFleet;
  /** The complete set of pods; `null` where the source could not tell. */
  readonly observed: readonly ObservedPod[] | null;
  /** Whether the pods that the source does not name may be removed. */
  readonly mayRemove: boolean;
  /** The pool that a pod was in before it left. */
  readonly formerPool: (podName: string) => PoolName | undefined;
}

/** Everything that is to be done to bring the store in line, in the order of the fields. */
export interface PassPlan {
  readonly configure: readonly { readonly pool: PoolName; readonly policy: PoolPolicy }[];
  /** Pods that the store does not know, or knows differently. */
  readonly register: readonly RegisterPodCommand[];
  /** Pods on their way out. */
  readonly drain: readonly StoredPod[];
  /** Pods that are gone, as they were when this was decided. */
  readonly remove: readonly StoredPod[];
  /** Pods whose pool is not desired any more; they take their calls along. */
  readonly rehome: readonly Move[];
  /** Idle pods from pools with too many to pools with too few. */
  readonly rebalance: readonly Move[];
  readonly repair: readonly string[];
  /** Pools whose sets are searched for strangers. */
  readonly sweep: readonly PoolName[];
  /** Pools that nobody wants any more. */
  readonly retire: readonly PoolName[];
}

/** Pods that the store knows and the source does not. An unknown source has none. */
export function findGhosts(
  observed: readonly ObservedPod[] | null,
  stored: readonly StoredPod[],
): readonly StoredPod[] {
  if (!observed) return [];
  const names = new Set(observed.map(({ podName }) => podName));
  return stored.filter(({ podName }) => !names.has(podName));
}

/** Decides what a pass has to do; touches nothing. */
export function planPass(input: PassInput): PassPlan {
  const { desired, stored } = input;
  const observed = input.observed ?? [];
  const ghosts = findGhosts(input.observed, stored.pods);
  const remove = input.mayRemove ? ghosts : [];
  const seats = new Seats(input, without(stored.pods, ghosts));
  const staying = without(stored.pods, remove);
  const rehome = staying.filter(({ pool }) => !desired.byPriority.has(pool)).map((pod) => seats.rehome(pod));
  const register = observed.flatMap((pod) => seats.register(pod));
  return {
    configure: [...desired.byPriority].map(([pool, { policy }]) => ({ pool, policy })),
    register,
    drain: observed.filter(({ terminating }) => terminating).flatMap(({ podName }) => seats.known.get(podName) ?? []),
    remove,
    rehome,
    // While it is doubtful which pods there are, it is doubtful which pools have too few.
    rebalance: remove.length === ghosts.length ? planMoves(desired, seats.counts, seats.pods()) : [],
    repair: staying.map(({ podName }) => podName),
    sweep: [...new Set([...desired.byPriority.keys(), ...stored.pools])],
    retire: stored.pools.filter((pool) => !desired.byPriority.has(pool)),
  };
}

function without(pods: readonly StoredPod[], excluded: readonly StoredPod[]): readonly StoredPod[] {
  const rest = new Set(excluded);
  return pods.filter((pod) => !rest.has(pod));
}

interface Seat {
  readonly podName: string;
  readonly pool: PoolName;
  readonly status: PodStatus;
}

/**
 * Who sits in which pool as the plan grows, so that each decision sees those before it. Pods that are gone have no
 * seat, even if their removal waits to be confirmed: those that come in their place find the pools as they will be.
 */
class Seats {
  readonly counts = new Map<PoolName, number>();
  readonly known: ReadonlyMap<string, StoredPod>;
  private readonly seats = new Map<string, Seat>();

  constructor(
    private readonly input: PassInput,
    pods: readonly StoredPod[],
  ) {
    this.known = new Map(pods.map((pod) => [pod.podName, pod]));
    for (const pod of pods) if (input.desired.byPriority.has(pod.pool)) this.take(pod);
  }

  pods(): readonly Seat[] {
    return [...this.seats.values()];
  }

  rehome(pod: StoredPod): Move {
    const to = assignPool(this.input.desired, this.counts);
    this.take({ ...pod, pool: to });
    return { podName: pod.podName, from: pod.pool, to };
  }

  /** @returns nothing where the store is right about the pod already */
  register(pod: ObservedPod): readonly RegisterPodCommand[] {
    const { podName, incarnation, metadata } = pod;
    const ready = pod.ready && !pod.terminating;
    const known = this.known.get(podName);
    if (known ? known.incarnation === incarnation && known.ready === ready : pod.terminating) return [];
    const pool = this.seats.get(podName)?.pool ?? this.assign(podName);
    return [{ podName, incarnation, ready, pool, ...(metadata && { metadata }) }];
  }

  private assign(podName: string): PoolName {
    const pool = assignPool(this.input.desired, this.counts, this.input.formerPool(podName));
    this.take({ podName, pool, status: 'available' });
    return pool;
  }

  private take({ podName, pool, status }: Seat): void {
    this.seats.set(podName, { podName, pool, status });
    this.counts.set(pool, (this.counts.get(pool) ?? 0) + 1);
  }
}
