import type { Clock } from '@smart-router/scheduling';
import { KubernetesApi } from '../api/kubernetes-api';
import { countApiFailures } from '../metrics/api-metrics';
import type { ApiAccess, ApiCredentials } from './api-access';
import { HttpTransport } from './http-transport';
import { KubeconfigFile } from './kubeconfig';
import { ServiceAccount } from './service-account';

/** How to find the cluster; the first of the two that is there counts. */
export interface KubernetesLocation {
  /** Path of a kubeconfig file. */
  readonly kubeconfig: string | null;
  /** The API server as seen from a pod; `null` outside a cluster. */
  readonly inCluster: { readonly host: string; readonly port: number } | null;
}

export interface KubernetesConnection {
  readonly api: KubernetesApi;
  close(): void;
}

/** This process runs in no cluster, and no kubeconfig file leads to one. */
export class NotInClusterError extends Error {
  readonly code = 'NOT_IN_CLUSTER';

  constructor() {
    super('no Kubernetes cluster: this process runs in none, and KUBECONFIG is not set');
  }
}

/** Nothing is read or connected before the first call; outside a cluster every call fails by `NotInClusterError`. */
export function connectKubernetes(location: KubernetesLocation, clock: Clock): KubernetesConnection {
  const transport = new HttpTransport(credentialsFor(location, clock));
  return {
    api: new KubernetesApi({ transport, clock, onFailure: countApiFailures() }),
    close: () => transport.close(),
  };
}

function credentialsFor({ inCluster, kubeconfig }: KubernetesLocation, clock: Clock): ApiCredentials {
  if (kubeconfig !== null) return new KubeconfigFile(kubeconfig, clock);
  return inCluster ? new ServiceAccount(inCluster) : new NoCluster();
}

class NoCluster implements ApiCredentials {
  async read(): Promise<ApiAccess> {
    throw new NotInClusterError();
  }

  reject(): void {}
}
