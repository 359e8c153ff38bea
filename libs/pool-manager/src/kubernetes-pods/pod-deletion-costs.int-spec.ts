import { type KubernetesSimulator, startKubernetesSimulator } from '@smart-router/kubernetes-simulator';
import { describeDeletionCosts } from '../testing/deletion-cost-behaviour';
import { CLUSTER_USERS } from '../testing/watched-cluster';

let target: KubernetesSimulator;

beforeAll(async () => {
  target = await startKubernetesSimulator({ users: CLUSTER_USERS, bookmarkIntervalMs: 500, endsGracePeriods: false });
});

afterAll(() => target.stop());

describeDeletionCosts('the simulator', () => target);
