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
import type { FoundCall } from '../domain/past-calls';
import { parsePastCall } from './past-call-text';
import type { RedisStoreAccess } from './redis-store-access';
import type { PodReply, PoolReply, Reply } from './script-replies';

/** So many pods keep Redis busy for about a millisecond. */
const CONDITIONS_PER_PAGE = 250;

export class RedisFleetReader implements FleetReader {
  constructor(private readonly store: RedisStoreAccess) {}

  async fleetStats(): Promise<FleetStats> {
    const { activeCalls, leader, pools } = await this.store.run('fleetStats', this.store.keys.pools);
    const [identity = '', epoch, since] = leader;
    return {
      activeCalls,
      leader: identity === '' ? null : { identity, epoch: Number(epoch), since: Number(since) },
      pools: pools.map(poolStats).sort((a, b) => (a.pool < b.pool ? -1 : 1)),
    };
  }

  async fleetConditions(): Promise<FleetConditions> {
    const notReady = new Map<string, number>();
    const oldestDrainsMs = new Map<string, number>();
    let oldestCallMs: number | null = null;
    let cursor: string | null = '';
    do {
      const page: Reply<'readConditions'> = await this.store.run(
        'readConditions',
        this.store.keys.pods,
        cursor,
        CONDITIONS_PER_PAGE,
      );
      for (const { pool, pods } of page.notReady) notReady.set(pool, (notReady.get(pool) ?? 0) + pods);
      oldestCallMs = older(oldestCallMs, page.oldestCallMs);
      for (const { pool, ageMs } of page.oldestDrains)
        oldestDrainsMs.set(pool, Math.max(oldestDrainsMs.get(pool) ?? 0, ageMs));
      cursor = page.cursor;
    } while (cursor !== null);
    return { notReady, oldestCallMs, oldestDrainsMs };
  }

  async pod(podName: string): Promise<PodView | null> {
    const reply = await this.store.run('readPod', this.store.keys.pod(podName), podName);
    return reply.kind === 'pod' ? podView(reply.pod) : null;
  }

  async pods(request: PageRequest, filter: PodFilter = {}): Promise<Page<PodView>> {
    const args = [request.cursor ?? '', request.limit, filter.pool ?? '', filter.status ?? ''];
    const { cursor, items } = await this.store.run('listPods', this.store.keys.pods, ...args);
    return { items: items.map(podView), cursor };
  }

  async call(callSid: string): Promise<CallView | null> {
    const found = await this.findCall(callSid);
    return found?.kind === 'live' ? found.call : null;
  }

  async findCall(callSid: string): Promise<FoundCall | null> {
    const reply = await this.store.run('readCall', this.store.keys.call(callSid), callSid);
    if (reply.kind === 'unknown-call') return null;
    return reply.kind === 'live' ? reply : parsePastCall(callSid, reply.text);
  }

  async calls(request: PageRequest, filter: CallFilter = {}): Promise<Page<CallView>> {
    const [leaseEnd = '0', callSid = ''] = request.cursor?.split('/') ?? [];
    const args = [leaseEnd, callSid, request.limit, filter.pool ?? '', filter.merchantId ?? ''];
    const { hasMore, lastRead, items } = await this.store.run('listCalls', this.store.keys.leaseEnds, ...args);
    return { items, cursor: hasMore ? lastRead.join('/') : null };
  }
}

function older(known: number | null, age: number | null): number | null {
  return age === null ? known : Math.max(known ?? 0, age);
}

function poolStats({ type, maxConcurrent, ...counts }: PoolReply): PoolStats {
  return { ...counts, policy: { type, maxConcurrent } };
}

function podView({ drainSinceMs, drainEndsMs, ...pod }: PodReply): PodView {
  const { isDraining, calls } = pod;
  return {
    ...pod,
    status: isDraining ? 'draining' : calls.length > 0 ? 'allocated' : 'available',
    drain: isDraining ? { sinceMs: drainSinceMs, endsMs: drainEndsMs } : null,
  };
}
