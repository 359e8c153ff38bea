import type { Settings } from '@smart-router/settings';
import { KubernetesApiError } from '../api/api-errors';
import type { KubernetesApi } from '../api/kubernetes-api';
import { LEASES, PODS, type ApiCall } from '../api/resource';

/**
 * Asks the API once for what cannot be done without: the lease where leadership depends on it, else one pod.
 * @throws KubernetesApiError, KubernetesUnreachableError, KubernetesAnswerError, NotInClusterError, or the signal's reason
 */
export async function reachCluster(
  api: Pick<KubernetesApi, 'call'>,
  settings: Pick<Settings, 'kubernetes' | 'leader'>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await api.call(questionFor(settings), signal);
  } catch (error) {
    // There is no lease before somebody led for the first time.
    if (!(error instanceof KubernetesApiError && error.status === 404)) throw error;
  }
}

function questionFor({ kubernetes, leader }: Pick<Settings, 'kubernetes' | 'leader'>): ApiCall {
  if (leader.election === 'kubernetes') return { verb: 'get', resource: LEASES, ...leader.lease };
  const { namespace, podLabelSelector: labelSelector } = kubernetes;
  return { verb: 'list', resource: PODS, namespace, query: { limit: '1', labelSelector } };
}
