import { InvalidPodNameError } from '../domain/errors';
import type { Page } from '../domain/fleet-reader';
import { isSameLife, lifeAfter } from '../domain/incarnations';
import { isPodName } from '../domain/names';
import {
  type ExpireLeasesOutcome,
  type ExpiryPolicy,
  MASS_EXPIRY,
  type MovePodOutcome,
  DEFAULT_EXPIRY_POLICY,
  type PodRegistry,
  type RegisterPodCommand,
  type RegisterPodOutcome,
  type RemovePodOutcome,
  type RepairPodOutcome,
  type SweepOutcome,
} from '../domain/pods';
import type { PoolName, PoolPolicy } from '../domain/pool';
import { RESTORED_LEASE_MS } from '../domain/routing-store';
import { AvailablePods } from './available-pods';
import type { CallRecord, FleetState, PodRecord } from './fleet-state';
import type { MemoryGeneration } from './memory-generation';

const NOTHING_EXPIRED = { endedCalls: [], endedDrains: [], more: false, heldBack: 0, hasNewSuspects: false };

export class MemoryPodRegistry implements PodRegistry {
  constructor(
    private readonly state: FleetState,
    private readonly generation: Pick<MemoryGeneration, 'isHeld'>,
  ) {}

  async configurePool(epoch: number, name: PoolName, policy: PoolPolicy): Promise<{ typeChanged: boolean }> {
    this.state.admit(epoch);
    const pool = this.state.pools.get(name);
    if (pool) {
      const typeChanged = pool.policy.type !== policy.type;
      pool.policy = policy;
      return { typeChanged };
    }
    const empty = { assigned: new Set<string>(), available: new AvailablePods(), draining: new Set<string>() };
    this.state.pools.set(name, { policy, ...empty, activeCalls: 0 });
    return { typeChanged: false };
  }

  async removePool(epoch: number, name: PoolName): Promise<{ kind: 'removed' | 'has-pods' | 'unknown-pool' }> {
    this.state.admit(epoch);
    const pool = this.state.pools.get(name);
    if (!pool) return { kind: 'unknown-pool' };
    if (pool.assigned.size > 0) return { kind: 'has-pods' };
    this.state.pools.delete(name);
    return { kind: 'removed' };
  }

  async registerPod(epoch: number, command: RegisterPodCommand): Promise<RegisterPodOutcome> {
    if (!isPodName(command.podName)) throw new InvalidPodNameError(command.podName);
    this.state.admit(epoch);
    const known = this.state.pods.get(command.podName);
    const restarted = known !== undefined && !isSameLife(known.incarnation, command.incarnation);
    const endedCalls = restarted ? this.state.endCallsOf(known, 'pod_restarted') : [];
    if (restarted) this.state.clearDrain(known);

    const pod = known ?? this.add(command);
    pod.incarnation = lifeAfter(pod.incarnation, command.incarnation);
    pod.ready = command.ready;
    pod.terminating = command.terminating ?? false;
    pod.metadata = command.metadata ?? {};
    this.state.settle(pod);
    return { kind: known ? (restarted ? 'restarted' : 'known') : 'added', pool: pod.pool, endedCalls };
  }

  async removePod(epoch: number, podName: string, incarnation?: string): Promise<RemovePodOutcome> {
    this.state.admit(epoch);
    const pod = this.state.pods.get(podName);
    if (!pod) return { kind: 'unknown-pod' };
    if (incarnation !== undefined && incarnation !== pod.incarnation) return { kind: 'superseded' };
    const endedCalls = this.state.endCallsOf(pod, 'pod_removed');
    this.state.clearDrain(pod);
    this.leave(pod);
    this.state.pods.delete(podName);
    return { kind: 'removed', endedCalls };
  }

  async movePod(epoch: number, podName: string, to: PoolName, options: { onlyIdle: boolean }): Promise<MovePodOutcome> {
    this.state.admit(epoch);
    const target = this.state.poolOf(to);
    const pod = this.state.pods.get(podName);
    if (!pod) return { kind: 'unknown-pod' };
    if (options.onlyIdle && (pod.calls.size > 0 || this.state.isDraining(pod))) return { kind: 'busy' };
    const from = pod.pool;
    const countedAsDraining = this.state.poolOf(from).draining.has(podName);
    this.leave(pod);
    pod.pool = to;
    target.assigned.add(podName);
    target.activeCalls += pod.calls.size;
    if (countedAsDraining) target.draining.add(podName);
    this.state.settle(pod);
    return { kind: 'moved', from };
  }

  async repairPod(epoch: number, podName: string): Promise<RepairPodOutcome> {
    this.state.admit(epoch);
    const pod = this.state.pods.get(podName);
    if (!pod) return { kind: 'unknown-pod' };
    const before = this.footprint(pod);
    if (!this.state.isDraining(pod)) this.state.clearDrain(pod);
    if (pod.lease && !this.state.hasLease(pod)) pod.lease.until = this.state.now() + RESTORED_LEASE_MS;
    this.state.settle(pod);
    return { kind: 'repaired', changed: before !== this.footprint(pod), endedCalls: [] };
  }

  /** All pods: to repair one costs no more here than to look at it. */
  async findSuspects(): Promise<Page<string>> {
    return { items: [...this.state.pods.keys()].sort(), cursor: null };
  }

  /** Nobody can reach into this store by hand: its pools hold no foreign members. */
  async sweepPool(epoch: number): Promise<SweepOutcome> {
    this.state.admit(epoch);
    return { evicted: [], found: [], cursor: null };
  }

  /** There are no indexes besides the pods and calls themselves. */
  async sweepIndexes(epoch: number): Promise<SweepOutcome> {
    this.state.admit(epoch);
    return { evicted: [], found: [], cursor: null };
  }

  async expireLeases(epoch: number, limit: number, policy = DEFAULT_EXPIRY_POLICY): Promise<ExpireLeasesOutcome> {
    this.state.admit(epoch);
    // Heartbeats are refused meanwhile.
    if (this.generation.isHeld) return { ...NOTHING_EXPIRED, storeTimeMs: this.state.now() };
    const due = this.dueCalls();
    const { believed, hasNewSuspects } = this.review(due, policy);
    const expired = believed.slice(0, limit);
    for (const call of expired) this.state.endCall(call, 'lease_expired');
    const endedDrains = this.state.endDueDrains(limit);
    return {
      endedCalls: expired.map(({ callSid, podName }) => ({ callSid, podName })),
      endedDrains,
      more: expired.length === limit || endedDrains.length === limit,
      heldBack: due.length - believed.length,
      hasNewSuspects,
      storeTimeMs: this.state.now(),
    };
  }

  private review(due: readonly CallRecord[], { suspectUntilMs, isConfirmed, latestStoreTimeMs }: ExpiryPolicy) {
    const suspects = due.filter((call) => call.expiresAt <= suspectUntilMs);
    const fresh = due.slice(suspects.length);
    const likely = Math.max(MASS_EXPIRY.alwaysBelieved, MASS_EXPIRY.believedShare * this.state.calls.size);
    const hasNewSuspects = fresh.length > 0 && (this.state.now() > latestStoreTimeMs || fresh.length > likely);
    return { believed: [...(isConfirmed ? suspects : []), ...(hasNewSuspects ? [] : fresh)], hasNewSuspects };
  }

  private dueCalls(): CallRecord[] {
    const due: CallRecord[] = [];
    for (const call of this.state.calls.values()) {
      if (this.state.hasTimeLeft(call)) break;
      due.push(call);
    }
    return due;
  }

  private add(command: RegisterPodCommand): PodRecord {
    const pool = this.state.poolOf(command.pool);
    const pod: PodRecord = {
      podName: command.podName,
      incarnation: command.incarnation,
      ready: command.ready,
      terminating: false,
      pool: command.pool,
      metadata: {},
      drain: null,
      calls: new Set(),
      lease: null,
    };
    this.state.pods.set(pod.podName, pod);
    pool.assigned.add(pod.podName);
    return pod;
  }

  private leave(pod: PodRecord): void {
    const pool = this.state.poolOf(pod.pool);
    pool.assigned.delete(pod.podName);
    pool.available.delete(pod.podName);
    pool.draining.delete(pod.podName);
    pool.activeCalls -= pod.calls.size;
  }

  private footprint(pod: PodRecord): string {
    const pool = this.state.poolOf(pod.pool);
    const lease = this.state.hasLease(pod) ? pod.lease?.callSid : null;
    return [pool.available.has(pod.podName), pool.draining.has(pod.podName), lease].join();
  }
}
