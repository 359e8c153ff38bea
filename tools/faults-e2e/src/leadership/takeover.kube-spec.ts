import { startKubeApiserver } from '@smart-router/kubernetes-simulator';
import { describeTakeover } from './takeover-behaviour';

describeTakeover('kube-apiserver', () => startKubeApiserver());
