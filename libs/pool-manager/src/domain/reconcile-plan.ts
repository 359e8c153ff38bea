import {
  lifeAfter,
  type PodView,
  type PoolName,
  type PoolPolicy,
  type RegisterPodCommand,
} from '@smart-router/routing-store';
import type { DesiredPools, PodCounts } from './desired-pools';
import { planMoves, type Move } from './plan-moves';
import type { ObservedPod } from './pod-source';
import { PoolAssignments } from './pool-assignments';

/** What the store holds before it is reconciled. */
export interface StoredFleet {
  readonly pods: readonly StoredPod[];
  readonly pools: readonly PoolName[];
}

export type StoredPod = Pick<PodView, 'podName' | 'pool' | 'status' | 'incarnation' | 'ready' | 'terminating'>;

export interface ReconcileInput {
  /** `null` where no config is known: pods are then neither added nor moved, and pools stay as they are. */
  readonly desired: DesiredPools | null;
  readonly stored: StoredFleet;
  /** The complete set of pods; `null` where the source does not know it. */
  readonly observed: readonly ObservedPod[] | null;
  /** Those of the pods that the source does not name that may be removed. */
  readonly removable: ReadonlySet<string>;
  /** The pool that a pod was in before it left. */
  readonly formerPool: (podName: string) => PoolName | undefined;
  /** Pods of each pool besides `stored.pods`, where these are not all. */
  readonly others?: PodCounts;
}

/** Everything that is to be done to bring the store in line, in the order of the fields. */
export interface ReconcilePlan {
  readonly configure: readonly { readonly pool: PoolName; readonly policy: PoolPolicy }[];
  /** Pods that the store does not know, or knows differently. */
  readonly register: readonly RegisterPodCommand[];
  /** Pods on their way out. */
  readonly drain: readonly StoredPod[];
  /** Pods that are gone, as they were when this was decided. */
  readonly remove: readonly StoredPod[];
  /** Pods whose pool is not desired any more; they take their calls along. */
  readonly reassign: readonly Move[];
  /** Idle pods from pools with too many to pools with too few. */
  readonly rebalance: readonly Move[];
  /** Whether pods are searched whose keys disagree, and entries of the indexes that no pod stands behind. */
  readonly repair: boolean;
  /** Pools whose sets are searched for members that do not belong there. */
  readonly sweep: readonly PoolName[];
  /** Pools that the config does not name any more. */
  readonly removePool: readonly PoolName[];
}

/** Pods that the store knows and the source does not. An unknown source has none. */
export function findOrphans(
  observed: readonly ObservedPod[] | null,
  stored: readonly StoredPod[],
): readonly StoredPod[] {
  if (!observed) return [];
  const names = new Set<string>();
  for (const { podName } of observed) names.add(podName);
  return stored.filter(({ podName }) => !names.has(podName));
}

/** Decides what has to be done; touches nothing. */
export function planReconcile(input: ReconcileInput): ReconcilePlan {
  const { desired, stored } = input;
  const observed = input.observed ?? [];
  const orphans = findOrphans(input.observed, stored.pods);
  const remove = orphans.filter(({ podName }) => input.removable.has(podName));
  const present = without(stored.pods, orphans);
  const staying = without(stored.pods, remove);
  const known = new Map<string, StoredPod>();
  for (const pod of present) known.set(pod.podName, pod);
  const upkeep = {
    drain: observed.filter(({ terminating }) => terminating).flatMap(({ podName }) => known.get(podName) ?? []),
    remove,
    repair: true,
  };
  const updates = observed.filter((pod) => differs(pod, known.get(pod.podName)));
  if (desired === null) return { ...upkeep, ...planWithoutConfig(updates, known, stored) };
  const assignments = new PoolAssignments(desired, input.formerPool, present, input.others);
  // A pod that has lost its pool is registered anew.
  const reassign = staying
    .filter(({ pool }) => pool !== '' && !desired.byPriority.has(pool))
    .map((pod) => assignments.reassign(pod));
  const register = updates.map((pod) => registration(pod, assignments.poolOf(pod.podName)));
  return {
    ...upkeep,
    configure: [...desired.byPriority].map(([pool, { policy }]) => ({ pool, policy })),
    register,
    reassign,
    // While it is not certain which pods there are, it is not certain which pools have too few.
    rebalance: remove.length === orphans.length ? planMoves(desired, assignments.counts, assignments.pods()) : [],
    sweep: [...new Set([...desired.byPriority.keys(), ...stored.pools])],
    removePool: stored.pools.filter((pool) => !desired.byPriority.has(pool)),
  };
}

function planWithoutConfig(
  updates: readonly ObservedPod[],
  known: ReadonlyMap<string, StoredPod>,
  { pools }: StoredFleet,
): Omit<ReconcilePlan, 'drain' | 'remove' | 'repair'> {
  const register = updates.flatMap((pod) => {
    const stored = known.get(pod.podName);
    return stored && stored.pool !== '' ? [registration(pod, stored.pool)] : [];
  });
  return { configure: [], register, reassign: [], rebalance: [], sweep: pools, removePool: [] };
}

function without(pods: readonly StoredPod[], excluded: readonly StoredPod[]): readonly StoredPod[] {
  if (excluded.length === 0) return pods;
  const rest = new Set(excluded);
  return pods.filter((pod) => !rest.has(pod));
}

/** Whether the pod has to be registered; one on its way out only where the store knows it. */
function differs(pod: ObservedPod, known: StoredPod | undefined): boolean {
  if (!known) return !pod.terminating;
  return (
    known.pool === '' ||
    lifeAfter(known.incarnation, pod.incarnation) !== known.incarnation ||
    known.ready !== takesCalls(pod) ||
    known.terminating !== pod.terminating
  );
}

function takesCalls({ ready, terminating }: ObservedPod): boolean {
  return ready && !terminating;
}

function registration(pod: ObservedPod, pool: PoolName): RegisterPodCommand {
  const { podName, incarnation, metadata, terminating } = pod;
  return { podName, incarnation, ready: takesCalls(pod), terminating, pool, ...(metadata && { metadata }) };
}
