export * from './api/api-errors';
export * from './api/api-transport';
export type { FailingCall } from './api/failing-calls';
export * from './api/kubernetes-api';
export * from './api/resource';
export * from './connection/api-access';
export {
  type ClusterFacts,
  connectKubernetes,
  NotInClusterError,
  type KubernetesConnection,
  type KubernetesLocation,
} from './connection/connect';
export * from './list-watch/list-watch';
export type { ObjectReader } from './list-watch/kubernetes-object';
export type { Selection } from './list-watch/paged-list';
export type { RestartReason } from './list-watch/watch-end';
export { watchMetrics, type WatchObserver } from './metrics/kubernetes-metrics';
