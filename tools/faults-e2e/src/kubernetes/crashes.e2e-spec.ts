import { simulatedCluster } from './kubernetes-fleet';
import { describeCrashes } from './crashes-behaviour';

describeCrashes('a simulated Kubernetes', simulatedCluster);
