export type { AccessRule } from './api/access';
export type { ResourceRequest, Verb } from './api/request-info';
export { type FrontedKubeApiserver, startFrontedKubeApiserver } from './front/fronted-kube-apiserver';
export type { Fault, FaultMatch } from './http/fault';
export type { RecordedRequest } from './http/request-log';
export type { RunningWatches } from './http/running-watches';
export {
  type KubernetesSimulator,
  type KubernetesSimulatorOptions,
  startKubernetesSimulator,
} from './kubernetes-simulator';
export type { Lease, ObjectMeta, Pod } from './objects/kubernetes-object';
export type { FakeLeases } from './played/fake-leases';
export { type NewPod, FakePods } from './played/fake-pods';
export { FakeStatefulSet, type StatefulSetOptions } from './played/fake-stateful-set';
export { isStatus, type KubernetesApi, KubernetesApiError } from './targets/kubernetes-api';
export type { FaultyTarget, KubernetesTarget, TargetNamespace, TargetUser } from './targets/kubernetes-target';
export type { SimulatedFaults } from './targets/simulated-faults';
export { type KubeApiserver, type KubeApiserverOptions, startKubeApiserver } from './targets/kube-apiserver';
