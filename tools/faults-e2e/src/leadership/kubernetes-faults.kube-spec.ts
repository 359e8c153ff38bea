import { startProxiedKubeApiserver } from '@smart-router/kubernetes-simulator';
import { describeKubernetesFaults } from './kubernetes-faults-behaviour';

describeKubernetesFaults('kube-apiserver', () => startProxiedKubeApiserver());
