import { type ProxiedKubeApiserver, startProxiedKubeApiserver } from '@smart-router/kubernetes-simulator';
import { describeDeletionCosts } from '../testing/deletion-cost-behaviour';
import { CLUSTER_USERS } from '../testing/watched-cluster';

let target: ProxiedKubeApiserver;

beforeAll(async () => {
  target = await startProxiedKubeApiserver({ users: CLUSTER_USERS });
}, 180_000);

afterAll(() => target.stop(), 60_000);

describeDeletionCosts('kube-apiserver', () => target);
