import type { Clock } from '@smart-router/scheduling';
import { type FailingCall, FailingCalls } from '../api/failing-calls';
import { KubernetesApi } from '../api/kubernetes-api';
import type { ApiCall } from '../api/resource';
import { countApiFailures } from '../metrics/kubernetes-metrics';
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

/** What operators read of the cluster. */
export interface ClusterFacts {
  /** Whether this process has asked anything of it so far. */
  readonly asked: boolean;
  /** What it could not do when it was asked last. */
  readonly failing: readonly FailingCall[];
}

export interface KubernetesConnection {
  readonly api: KubernetesApi;
  facts(): ClusterFacts;
  close(): void;
}

/** This process runs in no cluster, and no kubeconfig file leads to one. */
class NotInClusterError extends Error {
  readonly code = 'NOT_IN_CLUSTER';

  constructor() {
    super('no Kubernetes cluster: this process runs in none, and KUBECONFIG is not set');
  }
}

/** Nothing is read or connected before the first call; outside a cluster every call fails by `NotInClusterError`. */
export function connectKubernetes(location: KubernetesLocation, clock: Clock): KubernetesConnection {
  const transport = new HttpTransport(credentialsFor(location, clock));
  const calls = new FailingCalls(clock);
  const count = countApiFailures();
  const onFailure = (call: ApiCall, outcome: string): void => {
    count(call, outcome);
    calls.failed(call, outcome);
  };
  return {
    api: new KubernetesApi({ transport, clock, onFailure, onSuccess: (call) => calls.succeeded(call) }),
    facts: () => ({ asked: calls.hasAsked, failing: calls.list() }),
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
