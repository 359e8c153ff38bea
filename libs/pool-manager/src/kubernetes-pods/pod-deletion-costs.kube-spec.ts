import { type FrontedKubeApiserver, startFrontedKubeApiserver } from '@smart-router/kubernetes-simulator';
import { describeDeletionCosts } from '../testing/deletion-cost-behaviour';
import { CLUSTER_USERS } from '../testing/watched-cluster';

let target: FrontedKubeApiserver;

beforeAll(async () => {
  target = await startFrontedKubeApiserver({ users: CLUSTER_USERS });
}, 180_000);

afterAll(() => target.stop(), 60_000);

describeDeletionCosts('kube-apiserver', () => target);
