export type { FakeLeases } from './fakes/fake-leases';
export type { FakePods } from './fakes/fake-pods';
export { FakeStatefulSet } from './fakes/fake-stateful-set';
export { type KubernetesSimulator, startKubernetesSimulator } from './kubernetes-simulator';
export { type ProxiedKubeApiserver, startProxiedKubeApiserver } from './proxy/proxied-kube-apiserver';
export { startKubeApiserver } from './targets/kube-apiserver';
export type { FaultyTarget, KubernetesTarget, TargetNamespace, TargetUser } from './targets/kubernetes-target';
