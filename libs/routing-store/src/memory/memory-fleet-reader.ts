import type {
  CallFilter,
  CallView,
  FleetConditions,
  FleetReader,
  FleetStats,
  Page,
  PageRequest,
  PodDrain,
  PodFilter,
  PodView,
} from '../domain/fleet-reader';
import type { FoundCall } from '../domain/past-calls';
import type { CallRecord, FleetState, PodRecord } from './fleet-state';
import type { MemoryLeadership } from './memory-leadership';

export class MemoryFleetReader implements FleetReader {
  constructor(
    private readonly state: FleetState,
    private readonly leadership: MemoryLeadership,
  ) {}

  async fleetStats(): Promise<FleetStats> {
    const names = [...this.state.pools.keys()].sort();
    const pools = names.map((name) => {
      const pool = this.state.poolOf(name);
      return {
        pool: name,
        policy: pool.policy,
        assigned: pool.assigned.size,
        available: pool.available.count(pool.policy.maxConcurrent),
        activeCalls: pool.activeCalls,
        draining: pool.draining.size,
      };
    });
    return { pools, activeCalls: this.state.calls.size, leader: this.leadership.leader() };
  }

  async fleetConditions(): Promise<FleetConditions> {
    const notReady = new Map<string, number>();
    const oldestDrainsMs = new Map<string, number>();
    let oldestCallMs: number | null = null;
    for (const pod of this.state.pods.values()) {
      if (!pod.ready) notReady.set(pod.pool, (notReady.get(pod.pool) ?? 0) + 1);
      oldestCallMs = older(oldestCallMs, this.callAgeMs(pod));
      const drainMs = older(oldestDrainsMs.get(pod.pool) ?? null, this.drainAgeMs(pod));
      if (drainMs !== null) oldestDrainsMs.set(pod.pool, drainMs);
    }
    return { notReady, oldestCallMs, oldestDrainsMs };
  }

  private callAgeMs({ calls }: PodRecord): number | null {
    const [oldest] = calls;
    const call = oldest === undefined ? undefined : this.state.calls.get(oldest);
    return call === undefined ? null : Math.max(0, Math.floor(this.state.now() - call.number / 1_000));
  }

  private drainAgeMs(pod: PodRecord): number | null {
    if (pod.drain === null || !this.state.isDraining(pod)) return null;
    return Math.floor(this.state.now() - pod.drain.since);
  }

  async pod(podName: string): Promise<PodView | null> {
    const pod = this.state.pods.get(podName);
    return pod ? this.viewPod(pod) : null;
  }

  async pods(request: PageRequest, filter: PodFilter = {}): Promise<Page<PodView>> {
    const matching = [...this.state.pods.values()]
      .map((pod) => this.viewPod(pod))
      .filter((pod) => filter.pool === undefined || pod.pool === filter.pool)
      .filter((pod) => filter.status === undefined || pod.status === filter.status)
      .sort((a, b) => (a.podName < b.podName ? -1 : 1));
    return pageOf(matching, (pod) => pod.podName, request);
  }

  async call(callSid: string): Promise<CallView | null> {
    const call = this.state.calls.get(callSid);
    return call ? viewCall(call) : null;
  }

  async findCall(callSid: string): Promise<FoundCall | null> {
    const call = this.state.calls.get(callSid);
    return call ? { kind: 'live', call: viewCall(call) } : this.state.past.find(callSid);
  }

  async calls(request: PageRequest, filter: CallFilter = {}): Promise<Page<CallView>> {
    const matching = [...this.state.calls.values()]
      .filter((call) => filter.pool === undefined || call.pool === filter.pool)
      .filter((call) => filter.merchantId === undefined || call.merchantId === filter.merchantId)
      .map(viewCall)
      .sort((a, b) => (callPosition(a) < callPosition(b) ? -1 : 1));
    return pageOf(matching, callPosition, request);
  }

  private viewPod(pod: PodRecord): PodView {
    const isDraining = this.state.isDraining(pod);
    return {
      podName: pod.podName,
      pool: pod.pool,
      status: isDraining ? 'draining' : pod.calls.size > 0 ? 'allocated' : 'available',
      isDraining,
      drain: isDraining && pod.drain ? viewDrain(pod.drain) : null,
      ready: pod.ready,
      terminating: pod.terminating,
      incarnation: pod.incarnation,
      leaseCallSid: this.state.hasLease(pod) && pod.lease ? pod.lease.callSid : null,
      calls: [...pod.calls],
    };
  }
}

function older(known: number | null, age: number | null): number | null {
  return age === null ? known : Math.max(known ?? 0, age);
}

function viewDrain({ since, until }: NonNullable<PodRecord['drain']>): PodDrain {
  return { sinceMs: since, endsMs: Number.isFinite(until) ? until : null };
}

function viewCall(call: CallRecord): CallView {
  const { callSid, podName, pool, merchantId, provider, expiresAt, attempts } = call;
  const allocatedAt = Math.floor(call.allocatedAtMs / 1000);
  return { callSid, podName, pool, merchantId, provider, allocatedAt, expiresAt, attempts };
}

/** Sorts by the end of the lease and then by name, as text: milliseconds have as many digits for centuries to come. */
function callPosition(call: CallView): string {
  return `${call.expiresAt.toString().padStart(15, '0')}/${call.callSid}`;
}

function pageOf<Item>(sorted: readonly Item[], position: (item: Item) => string, request: PageRequest): Page<Item> {
  const { cursor, limit } = request;
  const rest = cursor === undefined ? sorted : sorted.filter((item) => position(item) > cursor);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, cursor: last !== undefined && rest.length > limit ? position(last) : null };
}
