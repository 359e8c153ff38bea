import { counter } from '@smart-router/metrics';
import type { ReassertionObserver } from '../domain/recovery/reassertion-observer';

export function reassertionMetrics(): ReassertionObserver {
  const eras = counter({
    name: 'smart_router_store_era_changes_total',
    help: 'Times that the store may have lost what it acknowledged: failovers, restarts, lost data',
  });
  const grants = counter({
    name: 'smart_router_reasserted_grants_total',
    help: 'Grants that this process told the store again, by what the store said',
    labelNames: ['outcome'],
  });
  const ends = counter({
    name: 'smart_router_reasserted_releases_total',
    help: 'Ends of calls that this process told the store again: released where the store had lost them',
    labelNames: ['outcome'],
  });
  const doubles = counter({
    name: 'smart_router_double_grants_total',
    help: 'Pods that two callers believe to have, since the store had lost the first grant',
  });
  return {
    eraChanged: () => eras.inc(),
    grantReasserted: (outcome) => {
      grants.inc({ outcome });
      if (outcome === 'conflict') doubles.inc();
    },
    endReasserted: (outcome) => ends.inc({ outcome }),
  };
}
