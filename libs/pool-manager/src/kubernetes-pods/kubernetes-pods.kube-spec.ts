import { type ProxiedKubeApiserver, startProxiedKubeApiserver } from '@smart-router/kubernetes-simulator';
import { describePodsOfCluster } from '../testing/pod-list-behaviour';
import { describePodWatch } from '../testing/pod-watch-behaviour';
import { CLUSTER_USERS } from '../testing/watched-cluster';

let server: ProxiedKubeApiserver;

beforeAll(async () => {
  server = await startProxiedKubeApiserver({ users: CLUSTER_USERS });
}, 180_000);

afterAll(() => server.stop(), 60_000);

describePodsOfCluster('kube-apiserver', () => server);
describePodWatch('kube-apiserver', () => server);
