import type { PoolName, PoolStats } from '@smart-router/routing-store';
import type { PodCounts } from './desired-pools';
import type { ObservedPod, ReportedChange } from './pod-source';
import { planReconcile, type ReconcileInput, type ReconcilePlan, type StoredPod } from './reconcile-plan';
import { canEvenOut } from './waiting-moves';

interface ChangedPods extends Pick<ReconcileInput, 'desired' | 'formerPool'> {
  readonly changes: ReadonlyMap<string, ReportedChange>;
  /** Those of them that the store knows. */
  readonly stored: readonly StoredPod[];
  /** Those of them that the source knows. */
  readonly observed: readonly ObservedPod[];
  readonly pools: readonly PoolStats[];
}

interface ChangedPodsPlan {
  readonly plan: ReconcilePlan;
  /** Whether something is left that only a resync can do. */
  readonly wantsResync: boolean;
}

/** Plans what changes of single pods ask for, from these pods and the counts of the pools alone. */
export function planChangedPods({ changes, observed, pools, stored, ...input }: ChangedPods): ChangedPodsPlan {
  const names = new Set(observed.map(({ podName }) => podName));
  const missing = stored.filter(({ podName }) => !names.has(podName));
  // What is missing although it was not reported as deleted may be missing by mistake: the mass removal guard decides.
  const removable = new Set(missing.map(({ podName }) => podName).filter((name) => changes.get(name) === 'gone'));
  const plan = onlyPods(
    planReconcile({
      ...input,
      stored: { pods: stored, pools: pools.map(({ pool }) => pool) },
      observed,
      removable,
      others: othersOf(pools, stored),
    }),
  );
  const { desired } = input;
  const uneven = desired !== null && canEvenOut(pools, desired, countChanges(plan, stored));
  return { plan, wantsResync: removable.size < missing.length || uneven };
}

/** Without what concerns pools, or pods besides those that were asked for. */
function onlyPods(plan: ReconcilePlan): ReconcilePlan {
  return { ...plan, configure: [], rebalance: [], repair: false, sweep: [], removePool: [] };
}

function othersOf(pools: readonly PoolStats[], stored: readonly StoredPod[]): PodCounts {
  const counts = new Map(pools.map(({ assigned, pool }) => [pool, assigned]));
  for (const { pool } of stored) counts.set(pool, (counts.get(pool) ?? 0) - 1);
  return counts;
}

function countChanges({ register, reassign, remove }: ReconcilePlan, stored: readonly StoredPod[]): PodCounts {
  const known = new Set(stored.map(({ podName }) => podName));
  const changes = new Map<PoolName, number>();
  const add = (pool: PoolName, count: number): void => void changes.set(pool, (changes.get(pool) ?? 0) + count);
  for (const { podName, pool } of register) if (!known.has(podName)) add(pool, 1);
  for (const { pool } of remove) add(pool, -1);
  for (const { from, to } of reassign) {
    add(from, -1);
    add(to, 1);
  }
  return changes;
}
