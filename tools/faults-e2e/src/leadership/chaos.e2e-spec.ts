import { startKubernetesSimulator } from '@smart-router/kubernetes-simulator';
import { describeChaos } from './chaos-behaviour';

describeChaos('Redis', async () => null);
describeChaos('a simulated Kubernetes', () => startKubernetesSimulator());
