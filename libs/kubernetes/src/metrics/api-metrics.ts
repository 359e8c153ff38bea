import { counter } from '@smart-router/metrics';
import type { KubernetesApiPorts } from '../api/kubernetes-api';

/** Counts failed calls in the registry of the process. */
export function countApiFailures(): NonNullable<KubernetesApiPorts['onFailure']> {
  const failures = counter({
    name: 'smart_router_kubernetes_api_failures_total',
    help: 'Calls of the Kubernetes API that failed',
    labelNames: ['verb', 'resource', 'outcome'],
  });
  return ({ resource, verb }, outcome) => failures.inc({ verb, resource: resource.plural, outcome });
}
