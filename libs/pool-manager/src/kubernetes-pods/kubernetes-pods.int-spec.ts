import { type KubernetesSimulator, startKubernetesSimulator } from '@smart-router/kubernetes-simulator';
import { describePodsOfCluster } from '../testing/pod-list-behaviour';
import { describePodWatch } from '../testing/pod-watch-behaviour';
import { CLUSTER_USERS, USER, WatchedCluster } from '../testing/watched-cluster';

let simulator: KubernetesSimulator;

beforeAll(async () => {
  simulator = await startKubernetesSimulator({
    users: CLUSTER_USERS,
    bookmarkIntervalMs: 500,
    endsGracePeriods: false,
  });
});

afterAll(() => simulator.stop());

describePodsOfCluster('the simulator', () => simulator);
describePodWatch('the simulator', () => simulator);

describe('a token that was replaced', () => {
  it('is read when the old one is refused', async () => {
    const cluster = await WatchedCluster.open(simulator);
    await cluster.observe();
    simulator.setToken(USER, 'second');
    simulator.faults.watches.end();
    await cluster.restarted('refused');
    cluster.replica.writeKubeconfig(simulator.kubeconfig(USER));
    await cluster.add('later');
    await cluster.becomes('later', true);
    expect(simulator.requests.some(({ status }) => status === 401)).toBe(true);
    await cluster.close();
  });
});
