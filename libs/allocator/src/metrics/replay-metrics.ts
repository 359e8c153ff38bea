import { counter } from '@smart-router/metrics';
import type { ReplayObserver } from '../domain/recovery/replay-observer';

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
  return {
    grantAbandoned: () => abandoned.inc(),
    requestDropped: () => dropped.inc(),
    grantReasserted: (outcome) => {
      grants.inc({ outcome });
      if (outcome === 'conflict') doubles.inc();
    },
    endReasserted: (outcome) => ends.inc({ outcome }),
  };
}
