import { startKubernetesSimulator } from '@smart-router/kubernetes-simulator';
import { describeTakeover } from './takeover-behaviour';

describeTakeover('Redis', async () => null);
describeTakeover('a simulated Kubernetes', () => startKubernetesSimulator());
