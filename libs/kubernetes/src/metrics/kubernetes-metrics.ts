import { counter, gauge } from '@smart-router/metrics';
import type { Clock } from '@smart-router/scheduling';
import type { KubernetesApiPorts } from '../api/kubernetes-api';
import type { RestartReason } from '../list-watch/watch-end';

/** What a list-watch goes through, for metrics. Implementations must not throw. */
export interface WatchObserver {
  /** Something was heard of the server: a list, an event, a bookmark. */
  heard(): void;
  /** The watch has stopped. */
  ended(): void;
  restarted(reason: RestartReason): void;
  /** A line, or an object of a list, that cannot be read. */
  malformed(): void;
}

const REASONS: readonly RestartReason[] = ['closed', 'expired', 'silent', 'malformed', 'refused', 'unreachable'];

/** @returns the observer of the one watch of this process, whose metrics are in the registry of the process */
export function watchMetrics(clock: Clock): WatchObserver {
  const restarts = counter({
    name: 'smart_router_watch_restarts_total',
    help: 'Watches of the Kubernetes API that had to be begun again',
    labelNames: ['reason'],
  });
  const malformed = counter({
    name: 'smart_router_watch_malformed_total',
    help: 'Lines and objects of the Kubernetes API that could not be read',
  });
  let heardAt: number | null = null;
  gauge({
    name: 'smart_router_watch_last_event_age_seconds',
    help: 'Time since the Kubernetes API was last heard of by list, event or bookmark; absent where this process does not watch',
    collect() {
      if (heardAt === null) this.remove();
      else this.set((clock.now() - heardAt) / 1000);
    },
  });
  // The series exist from the start, so that the first event is an increase.
  for (const reason of REASONS) restarts.inc({ reason }, 0);
  return {
    heard: () => {
      heardAt = clock.now();
    },
    ended: () => {
      heardAt = null;
    },
    restarted: (reason) => restarts.inc({ reason }),
    malformed: () => malformed.inc(),
  };
}

/** Counts failed calls in the registry of the process. */
export function countApiFailures(): NonNullable<KubernetesApiPorts['onFailure']> {
  const failures = counter({
    name: 'smart_router_kubernetes_api_failures_total',
    help: 'Calls of the Kubernetes API that failed',
    labelNames: ['verb', 'resource', 'outcome'],
  });
  return ({ resource, verb }, outcome) => failures.inc({ verb, resource: resource.plural, outcome });
}
