import { startKubeApiserver } from '@smart-router/kubernetes-simulator';
import { describeChaos } from './chaos-behaviour';

describeChaos('kube-apiserver', () => startKubeApiserver());
