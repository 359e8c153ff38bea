import type { KubernetesTarget, TargetNamespace } from '../targets/kubernetes-target';
import type { KubeconfigClient } from './kubeconfig-client';

/** What each part of the suite works with. Every test has a namespace of its own. */
export interface ConformanceContext {
  readonly target: KubernetesTarget;
  readonly client: KubeconfigClient;
  readonly namespace: TargetNamespace;
  /** `/api/v1/namespaces/<namespace>/pods` */
  readonly pods: string;
  /** `/apis/coordination.k8s.io/v1/namespaces/<namespace>/leases` */
  readonly leases: string;
}

/** A user that may read one lease and nothing else, in the namespace `default`. */
export const READER = 'reader';

/** As a client sends it: bound to a node, labelled `app=agent`. */
export function podBody(name: string, labels: Readonly<Record<string, string>> = { app: 'agent' }): object {
  return { metadata: { name, labels }, spec: { nodeName: 'node-1', containers: [{ name: 'c', image: 'i:1' }] } };
}

/** What `READER` may do at the start. */
export const READER_RULES = [{ verbs: ['get' as const], resources: ['leases'], namespace: 'default' }];
