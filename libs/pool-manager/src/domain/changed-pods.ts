import { type Clock, forEachBounded } from '@smart-router/scheduling';
import type { PoolName, PoolStats } from '@smart-router/routing-store';
import type { DesiredPools } from './desired-pools';
import type { ReconcilerState } from './reconciler-state';
import { planReconcile, type ReconcilePlan, type StoredPod } from './reconcile-plan';
import type { ObservedPod, PodSource } from './pod-source';
import type { NamedChange } from './reconcile-schedule';
import type { ReconcilerPorts } from './reconciler';
import type { PodCounts } from './tier-assigner';
import { canEvenOut } from './waiting-moves';

export interface ChangedPodsPorts {
  readonly store: Pick<ReconcilerPorts['store'], 'reader'>;
  readonly source: Pick<PodSource, 'recall'>;
  readonly clock: Pick<Clock, 'now'>;
}

export interface ChangedPodsPlan {
  readonly plan: ReconcilePlan;
  /** Whether something is left that only a resync can do. */
  readonly wantsResync: boolean;
}

const IN_FLIGHT = 32;

/** Plans what changes of single pods ask for, from these pods and the counts of the pools alone. */
export class ChangedPodsPlanner {
  constructor(
    private readonly ports: ChangedPodsPorts,
    private readonly memory: ReconcilerState,
  ) {}

  /** @throws StoreUnavailableError, or the signal's reason */
  async plan(
    changes: ReadonlyMap<string, NamedChange>,
    desired: DesiredPools | null,
    signal: AbortSignal,
  ): Promise<ChangedPodsPlan> {
    const stored = await this.storedPods([...changes.keys()], signal);
    const { pools } = await this.ports.store.reader.fleetStats();
    // After the store was read: what is known of a pod only gets newer.
    const recalled = [...changes.keys()].flatMap((podName) => this.ports.source.recall(podName) ?? []);
    const observed = this.memory.lossGuard.admit(recalled, this.ports.clock.now());
    const names = new Set(observed.map(({ podName }) => podName));
    const missing = stored.filter(({ podName }) => !names.has(podName));
    // What is missing although it was not reported as deleted may be missing by mistake: the mass removal guard decides.
    const removable = new Set(missing.map(({ podName }) => podName).filter((name) => changes.get(name) === 'gone'));
    for (const pod of missing) if (removable.has(pod.podName)) this.memory.poolAffinity.note(pod);
    const plan = onlyPods(this.planFor(stored, observed, removable, pools, desired));
    const uneven = desired !== null && canEvenOut(pools, desired, countChanges(plan, stored));
    return { plan, wantsResync: removable.size < missing.length || uneven };
  }

  private planFor(
    stored: readonly StoredPod[],
    observed: readonly ObservedPod[],
    removable: ReadonlySet<string>,
    pools: readonly PoolStats[],
    desired: DesiredPools | null,
  ): ReconcilePlan {
    return planReconcile({
      desired,
      stored: { pods: stored, pools: pools.map(({ pool }) => pool) },
      observed,
      removable,
      formerPool: (podName) => this.memory.poolAffinity.poolOf(podName),
      others: othersOf(pools, stored),
    });
  }

  private async storedPods(podNames: readonly string[], signal: AbortSignal): Promise<readonly StoredPod[]> {
    const stored: StoredPod[] = [];
    await forEachBounded(podNames, IN_FLIGHT, signal, async (podName) => {
      const pod = await this.ports.store.reader.pod(podName);
      if (pod) stored.push(pod);
    });
    return stored;
  }
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
