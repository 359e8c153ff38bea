import type { CallView, FleetStats, PodView } from '../domain/fleet-reader';
import type { FoundCall } from '../domain/past-calls';
import type { RoutingStore } from '../domain/routing-store';

/** Everything that readers can see of a small store, in a form that two adapters can be compared by. */
export interface StoreSnapshot {
  readonly stats: FleetStats;
  /** Without the times of drains: only whether they end. */
  readonly pods: readonly (Omit<PodView, 'drain'> & { readonly drainEnds: boolean | null })[];
  /** Ages without their lengths, by the same reason as times. Pools by name. */
  readonly conditions: {
    readonly notReady: readonly (readonly [string, number])[];
    readonly hasCall: boolean;
    readonly poolsWithDrains: readonly string[];
  };
  /** Without the times: each adapter has its own clock. By name. */
  readonly calls: readonly Omit<CallView, 'allocatedAt' | 'expiresAt'>[];
  /** What is found of the calls that were asked for and do not live, without the times. */
  readonly past: readonly unknown[];
}

/** @param named calls that may have ended or been refused: they are in no list */
export async function snapshotOf(store: RoutingStore, named: readonly string[] = []): Promise<StoreSnapshot> {
  const [stats, conditions, pods, calls, found] = await Promise.all([
    store.reader.fleetStats(),
    store.reader.fleetConditions(),
    store.reader.pods({ limit: 500 }),
    store.reader.calls({ limit: 500 }),
    Promise.all(named.map((callSid) => store.reader.findCall(callSid))),
  ]);
  return {
    stats: { ...stats, leader: null },
    pods: pods.items.map(({ drain, ...pod }) => ({ ...pod, drainEnds: drain && drain.endsMs !== null })),
    conditions: {
      notReady: [...conditions.notReady].sort(([a], [b]) => (a < b ? -1 : 1)),
      hasCall: conditions.oldestCallMs !== null,
      poolsWithDrains: [...conditions.oldestDrainsMs.keys()].sort(),
    },
    calls: calls.items
      .map(({ callSid, podName, pool, merchantId, provider, attempts }) => ({
        ...{ callSid, podName, pool, merchantId, provider, attempts },
      }))
      .sort((a, b) => (a.callSid < b.callSid ? -1 : 1)),
    past: found.filter((call) => call?.kind !== 'live').map(withoutTimes),
  };
}

function withoutTimes(found: FoundCall | null): unknown {
  return found && { kind: found.kind, call: { ...found.call, allocatedAt: 0, endedAt: 0, refusedAt: 0 } };
}

/**
 * The safety invariants that show in one state alone. A pod may hold more calls than its pool allows only
 * where it has held them before a change of policy or pool: then `loadsBefore` says how many.
 * @returns what is violated, empty where all is well
 */
export function violationsOf(snapshot: StoreSnapshot, loadsBefore: ReadonlyMap<string, number>): string[] {
  return [
    ...overloadedPods(snapshot, loadsBefore),
    ...callsOnSeveralPods(snapshot),
    ...callsWithoutPod(snapshot),
    ...wrongCounts(snapshot),
  ];
}

export function loadsOf(snapshot: StoreSnapshot): Map<string, number> {
  return new Map(snapshot.pods.map((pod) => [pod.podName, pod.calls.length]));
}

function overloadedPods({ stats, pods }: StoreSnapshot, loadsBefore: ReadonlyMap<string, number>): string[] {
  const limits = new Map(stats.pools.map((pool) => [pool.pool, pool.policy.maxConcurrent]));
  return pods
    .filter((pod) => pod.calls.length > (limits.get(pod.pool) ?? 0))
    .filter((pod) => pod.calls.length > (loadsBefore.get(pod.podName) ?? 0))
    .map((pod) => `${pod.podName} of ${pod.pool} holds ${pod.calls.length} calls`);
}

function callsOnSeveralPods({ pods }: StoreSnapshot): string[] {
  const holders = new Map<string, string>();
  const violations: string[] = [];
  for (const pod of pods) {
    for (const callSid of pod.calls) {
      const other = holders.get(callSid);
      if (other !== undefined) violations.push(`${callSid} is on ${other} and on ${pod.podName}`);
      holders.set(callSid, pod.podName);
    }
  }
  return violations;
}

function callsWithoutPod({ pods, calls }: StoreSnapshot): string[] {
  const byName = new Map(pods.map((pod) => [pod.podName, pod]));
  return calls
    .filter((call) => !byName.get(call.podName)?.calls.includes(call.callSid))
    .map((call) => `${call.callSid} is not among the calls of ${call.podName}`);
}

function wrongCounts({ stats, pods }: StoreSnapshot): string[] {
  const violations: string[] = [];
  for (const { pool, assigned, available, activeCalls } of stats.pools) {
    const members = pods.filter((pod) => pod.pool === pool);
    const live = members.reduce((sum, pod) => sum + pod.calls.length, 0);
    if (assigned !== members.length) violations.push(`${pool} counts ${assigned} pods, has ${members.length}`);
    if (activeCalls !== live) violations.push(`${pool} counts ${activeCalls} calls, has ${live}`);
    const offerable = members.filter((pod) => pod.ready && !pod.isDraining).length;
    if (available > offerable) violations.push(`${pool} offers ${available} pods, only ${offerable} may be`);
  }
  return violations;
}
