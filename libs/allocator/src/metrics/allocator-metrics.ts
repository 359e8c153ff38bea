import { type Counter, counter, histogram } from '@smart-router/metrics';
import type { AllocatorObserver, ReplayObserver } from '../domain/observer';

/** Stands where no pool was involved. Labels of pools hold a colon, so the two never meet. */
const NO_POOL = 'none';

/** Stands for dedicated pools that merchants name and nobody configured. */
const OTHER_POOL = 'other';

/** Most answers take one round trip to a store nearby; a request is given up after some seconds. */
const DURATION_BUCKETS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

const DEPTH_BUCKETS = [1, 2, 3, 4, 5, 8, 13];

/** The metrics of calls, in the one registry of the process. */
export function allocatorMetrics(): AllocatorObserver {
  const allocations = boundByPoolAndStatus(
    'smart_router_allocations_total',
    'Answers to allocate: a pod given, the pod that the call has, no pod, an ended call, a call of somebody else, or a failure',
  );
  // The series exist from the start, so that the first event is an increase.
  for (const status of ['no_capacity', 'error']) allocations(null, status).inc(0);
  const refusals = counter({
    name: 'smart_router_refusals_total',
    help: 'Calls that got no pod, by the first pool of their chain and by what came nearest to one',
    labelNames: ['tier', 'reason'],
  });
  const releases = boundByPoolAndStatus(
    'smart_router_releases_total',
    'Answers to release and to status callbacks: released, an unknown call, a call of somebody else, or a failure',
  );
  const drains = counter({ name: 'smart_router_drains_total', help: 'Pods taken out of service by request' });
  const duration = histogram({
    name: 'smart_router_allocation_duration_seconds',
    help: 'Time from the question for a pod to the answer of the store',
    buckets: DURATION_BUCKETS_SECONDS,
  });
  const chainDepth = histogram({
    name: 'smart_router_allocation_chain_depth',
    help: 'Pools tried until a pod was found or the chain ended',
    buckets: DEPTH_BUCKETS,
  });
  return {
    allocationFinished: (allocation) => {
      allocations(allocation.pool, allocation.status).inc();
      duration.observe(allocation.durationMs / 1_000);
      if (allocation.chainDepth !== null) chainDepth.observe(allocation.chainDepth);
    },
    callRefused: ({ firstPool, reason }) => refusals.labels(firstPool ?? OTHER_POOL, reason).inc(),
    releaseFinished: (release) => releases(release.pool, release.status).inc(),
    podDrained: () => drains.inc(),
  };
}

/** The metrics of what is replayed to the store, in the same registry. */
export function replayMetrics(): ReplayObserver {
  const grants = counter({
    name: 'smart_router_reasserted_grants_total',
    help: 'Grants that this process replayed to the store after a loss, by what became of them',
    labelNames: ['outcome'],
  });
  const ends = counter({
    name: 'smart_router_reasserted_releases_total',
    help: 'Ends of calls that this process replayed to the store, after a loss or where they were not answered: released where the store did not have them',
    labelNames: ['outcome'],
  });
  const doubles = counter({
    name: 'smart_router_double_grants_total',
    help: 'Pods that two callers believe to have, since the store had lost the first grant',
  });
  const abandoned = counter({
    name: 'smart_router_abandoned_grants_total',
    help: 'Grants that were ended since their request was not answered and nobody came back for them',
  });
  const dropped = counter({
    name: 'smart_router_unanswered_requests_dropped_total',
    help: 'Requests of unknown outcome that this process does not follow up, since there were too many of them',
  });
  const forgotten = counter({
    name: 'smart_router_journal_entries_dropped_total',
    help: 'Grants and ends that this process forgot before REDIS_REASSERT_WINDOW was over, since there were too many: a loss of data now may lose them',
    labelNames: ['kind'],
  });
  return {
    entryDropped: (kind) => forgotten.inc({ kind }),
    grantAbandoned: () => abandoned.inc(),
    requestDropped: () => dropped.inc(),
    grantReasserted: (outcome) => {
      grants.inc({ outcome });
      if (outcome === 'conflict') doubles.inc();
    },
    endReasserted: (outcome) => ends.inc({ outcome }),
  };
}

/**
 * A counter whose series are looked up once, not on every call. Pools come from the store's answers only, never from
 * a request, so that there are as many series as pools.
 */
function boundByPoolAndStatus(name: string, help: string): (pool: string | null, status: string) => Counter.Internal {
  const metric = counter({ name, help, labelNames: ['pool', 'status'] });
  const series = new Map<string, Counter.Internal>();
  return (pool, status) => {
    const key = `${status} ${pool ?? NO_POOL}`;
    const known = series.get(key);
    if (known !== undefined) return known;
    const fresh = metric.labels(pool ?? NO_POOL, status);
    series.set(key, fresh);
    return fresh;
  };
}
