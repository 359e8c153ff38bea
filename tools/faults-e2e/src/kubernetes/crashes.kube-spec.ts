import { startKubeApiserver } from '@smart-router/kubernetes-simulator';
import { describeCrashes } from './crashes-behaviour';

describeCrashes('kube-apiserver', startKubeApiserver);
