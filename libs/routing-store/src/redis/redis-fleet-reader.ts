import type {
  CallFilter,
  CallView,
  FleetConditions,
  FleetReader,
  FleetStats,
  Page,
  PageRequest,
  PodFilter,
  PodView,
  PoolStats,
} from '../domain/fleet-reader';
import type { PoolPolicy } from '../domain/pool';
import type { FoundCall } from '../domain/past-calls';
import { parseDecision } from './decision-text';
import { parsePastCall } from './past-call-text';
import type { RedisStoreAccess, Reply } from './redis-store-access';

/** So many pods keep Redis busy for about a millisecond. */
const CONDITIONS_PER_PAGE = 250;

export class RedisFleetReader implements FleetReader {
  constructor(private readonly store: RedisStoreAccess) {}

  async fleetStats(): Promise<FleetStats> {
    const reply = await this.store.run('fleetStats', this.store.keys.pools);
    const leader = reply.at(1);
    const identity = leader.text(0);
    return {
      activeCalls: reply.number(0),
      leader: identity === '' ? null : { identity, epoch: leader.number(1), since: leader.number(2) },
      pools: reply
        .at(2)
        .items()
        .map(poolStats)
        .sort((a, b) => (a.pool < b.pool ? -1 : 1)),
    };
  }

  async fleetConditions(): Promise<FleetConditions> {
    const notReady = new Map<string, number>();
    let oldestCallMs: number | null = null;
    let oldestDrainMs: number | null = null;
    let cursor = '';
    do {
      const reply = await this.store.run('readConditions', this.store.keys.pods, cursor, CONDITIONS_PER_PAGE);
      for (const count of reply.at(1).items()) {
        notReady.set(count.text(0), (notReady.get(count.text(0)) ?? 0) + count.number(1));
      }
      oldestCallMs = older(oldestCallMs, reply.text(2));
      oldestDrainMs = older(oldestDrainMs, reply.text(3));
      cursor = reply.text(0);
    } while (cursor !== '');
    return { notReady, oldestCallMs, oldestDrainMs };
  }

  async pod(podName: string): Promise<PodView | null> {
    const reply = await this.store.run('readPod', this.store.keys.pod(podName), podName);
    return reply.isEmpty ? null : podView(reply);
  }

  async pods(request: PageRequest, filter: PodFilter = {}): Promise<Page<PodView>> {
    const args = [request.cursor ?? '', request.limit, filter.pool ?? '', filter.status ?? ''];
    const reply = await this.store.run('listPods', this.store.keys.pods, ...args);
    return { items: reply.at(1).items().map(podView), cursor: reply.text(0) === '' ? null : reply.text(0) };
  }

  async call(callSid: string): Promise<CallView | null> {
    const found = await this.findCall(callSid);
    return found?.kind === 'live' ? found.call : null;
  }

  async findCall(callSid: string): Promise<FoundCall | null> {
    const reply = await this.store.run('readCall', this.store.keys.call(callSid), callSid);
    if (reply.isEmpty) return null;
    return reply.kind === 'live'
      ? { kind: 'live', call: callView(reply.at(1)) }
      : parsePastCall(callSid, reply.text(1));
  }

  async calls(request: PageRequest, filter: CallFilter = {}): Promise<Page<CallView>> {
    const [leaseEnd = '0', callSid = ''] = request.cursor?.split('/') ?? [];
    const args = [leaseEnd, callSid, request.limit, filter.pool ?? '', filter.merchantId ?? ''];
    const reply = await this.store.run('listCalls', this.store.keys.leaseEnds, ...args);
    const [lastLeaseEnd, lastCallSid] = reply.texts(1);
    return {
      items: reply.at(2).items().map(callView),
      cursor: reply.flag(0) ? `${lastLeaseEnd}/${lastCallSid}` : null,
    };
  }
}

/** @param age as the script writes it: empty for none */
function older(known: number | null, age: string): number | null {
  return age === '' ? known : Math.max(known ?? 0, Number(age));
}

function poolStats(reply: Reply): PoolStats {
  return {
    pool: reply.text(0),
    policy: { type: reply.text(1) as PoolPolicy['type'], maxConcurrent: reply.number(2) },
    assigned: reply.number(3),
    available: reply.number(4),
    activeCalls: reply.number(5),
    draining: reply.number(6),
  };
}

function podView(reply: Reply): PodView {
  const isDraining = reply.flag(4);
  const calls = reply.texts(6);
  return {
    podName: reply.text(0),
    pool: reply.text(1),
    status: isDraining ? 'draining' : calls.length > 0 ? 'allocated' : 'available',
    isDraining,
    drain: isDraining ? { sinceMs: timeAt(reply, 7), endsMs: timeAt(reply, 8) } : null,
    ready: reply.flag(3),
    terminating: reply.flag(9),
    incarnation: reply.text(2),
    leaseCallSid: reply.text(5) === '' ? null : reply.text(5),
    calls,
  };
}

/** @returns Unix time in milliseconds, `null` where there is none */
function timeAt(reply: Reply, index: number): number | null {
  return reply.text(index) === '' ? null : reply.number(index);
}

function callView(reply: Reply): CallView {
  return {
    callSid: reply.text(0),
    podName: reply.text(1),
    pool: reply.text(2),
    merchantId: reply.text(3),
    provider: reply.text(4) === '' ? null : reply.text(4),
    allocatedAt: reply.number(5),
    expiresAt: reply.number(6),
    attempts: parseDecision(reply.text(7)),
  };
}
