import { ListWatch, PODS, watchMetrics, type KubernetesApi, type KubernetesLocation } from '@smart-router/kubernetes';
import type { EventLogger } from '@smart-router/logging';
import type { FleetReader } from '@smart-router/routing-store';
import { systemClock } from '@smart-router/scheduling';
import type { LeaderControllerPorts } from '../domain/leader-controller';
import { readKubernetesPod, type KubernetesPod } from './kubernetes-pod';
import { KubernetesPodSource } from './kubernetes-pod-source';
import { PodDeletionCosts } from './pod-deletion-costs';

interface KubernetesPodSettings extends KubernetesLocation {
  readonly namespace: string;
  readonly podLabelSelector: string;
  /** The container that has the calls; `null` for the first one of each pod. */
  readonly agentContainer: string | null;
  /** Whether the deletion costs of pods are kept in step with their load. */
  readonly podDeletionCost: boolean;
}

/**
 * The pods of the cluster that these settings lead to. Nothing is asked of it yet; where they lead to none, that is
 * logged once here and thrown by every use later.
 */
export function kubernetesPods(
  settings: KubernetesPodSettings,
  api: KubernetesApi,
  store: Pick<FleetReader, 'pods'>,
  logger: EventLogger,
): Pick<LeaderControllerPorts, 'source' | 'tasks'> {
  const {
    agentContainer,
    inCluster,
    kubeconfig,
    namespace,
    podDeletionCost,
    podLabelSelector: labelSelector,
  } = settings;
  if (inCluster === null && kubeconfig === null) {
    logger.warn({}, 'POD_SOURCE is kubernetes, but there is no cluster: pools stay as the store has them');
  }
  const clock = systemClock;
  const pods = new ListWatch<KubernetesPod>(
    { api, clock, random: Math.random, logger, observer: watchMetrics(clock) },
    { resource: PODS, namespace, labelSelector, read: (object) => readKubernetesPod(object, agentContainer) },
  );
  return {
    source: new KubernetesPodSource({ pods, clock, logger }),
    tasks: podDeletionCost ? [new PodDeletionCosts({ api, namespace, pods, store, clock })] : [],
  };
}
