import { startKubernetesSimulator } from '@smart-router/kubernetes-simulator';
import { describeKubernetesFaults } from './kubernetes-faults-behaviour';

describeKubernetesFaults('a simulated Kubernetes', () => startKubernetesSimulator());
