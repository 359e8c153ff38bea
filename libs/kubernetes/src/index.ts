export * from './api/api-errors';
export * from './api/kubernetes-api';
export * from './api/resource';
export { connectKubernetes, type KubernetesConnection, type KubernetesLocation } from './connection/connect';
export * from './list-watch/list-watch';
export type { RestartReason } from './list-watch/watch-end';
export { watchMetrics } from './metrics/kubernetes-metrics';
