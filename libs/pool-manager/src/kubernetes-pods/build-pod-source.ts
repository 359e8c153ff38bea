import { connectKubernetes, ListWatch, PODS, watchMetrics, type KubernetesLocation } from '@smart-router/kubernetes';
import type { EventLogger } from '@smart-router/logging';
import { systemClock } from '@smart-router/scheduling';
import { readKubernetesPod, type KubernetesPod } from './kubernetes-pod';
import { KubernetesPodSource } from './kubernetes-pod-source';

export interface KubernetesPodSettings extends KubernetesLocation {
  readonly namespace: string;
  readonly podLabelSelector: string;
}

/**
 * The pods of the cluster that these settings lead to. Nothing is asked of it yet; where they lead to none, that is
 * told once here and by every use later.
 */
export function kubernetesPodSource(settings: KubernetesPodSettings, logger: EventLogger): KubernetesPodSource {
  const { inCluster, kubeconfig, namespace, podLabelSelector: labelSelector } = settings;
  if (inCluster === null && kubeconfig === null) {
    logger.warn({}, 'POD_SOURCE is kubernetes, but there is no cluster: pools stay as the store has them');
  }
  const clock = systemClock;
  const { api } = connectKubernetes(settings, clock);
  const pods = new ListWatch<KubernetesPod>(
    { api, clock, random: Math.random, logger, observer: watchMetrics(clock) },
    { resource: PODS, namespace, labelSelector, read: readKubernetesPod },
  );
  return new KubernetesPodSource({ pods, clock, logger });
}
