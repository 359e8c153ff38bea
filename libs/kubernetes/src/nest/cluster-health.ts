import type { FailingCall } from '../api/failing-calls';
import type { ClusterFacts } from '../connection/connect';

/** Something could not be done at the cluster when it was tried last; it is tried again by whoever needs it. */
class ClusterCallsFailingError extends Error {
  readonly code = 'KUBERNETES_CALLS_FAILING';

  constructor(failing: readonly FailingCall[]) {
    super(`of the cluster, this failed when it was tried last: ${failing.map(describe).join(', ')}`);
  }
}

/**
 * What the calls of this process say of the cluster. Nothing is asked for it: who leads asks all the time, and who does
 * not, needs nothing. @throws ClusterCallsFailingError
 */
export function checkCluster({ failing }: Pick<ClusterFacts, 'failing'>): void {
  if (failing.length > 0) throw new ClusterCallsFailingError(failing);
}

function describe({ verb, resource, namespace, outcome }: FailingCall): string {
  return `${verb} ${resource} in namespace ${namespace} (${outcome})`;
}
