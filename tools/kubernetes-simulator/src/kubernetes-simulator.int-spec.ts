import { CoordinationV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { type KubernetesSimulator, startKubernetesSimulator } from './kubernetes-simulator';
import { PlayedStatefulSet } from './played/played-stateful-set';

describe('the simulator', () => {
  let simulator: KubernetesSimulator;

  beforeEach(async () => {
    simulator = await startKubernetesSimulator();
  });

  afterEach(() => simulator.stop());

  const client = (): KubeConfig => {
    const config = new KubeConfig();
    config.loadFromString(simulator.kubeconfig());
    return config;
  };

  it('answers the client of the product with pods and leases', async () => {
    await PlayedStatefulSet.start(simulator.pods, { name: 'voice-agent', replicas: 3 });
    await simulator.leases.create('leader', { holderIdentity: 'a', leaseDurationSeconds: 15 });

    const pods = await client().makeApiClient(CoreV1Api).listNamespacedPod({ namespace: 'default' });
    const lease = await client()
      .makeApiClient(CoordinationV1Api)
      .readNamespacedLease({ namespace: 'default', name: 'leader' });

    expect(pods.items.map((pod) => pod.status?.podIP)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
    expect(lease.spec?.holderIdentity).toBe('a');
  });

  it('plays a rolling restart that gives each pod a new uid', async () => {
    const set = await PlayedStatefulSet.start(simulator.pods, { name: 'voice-agent', replicas: 2 });
    const before = (await simulator.pods.list()).map((pod) => pod.metadata.uid);
    const terminating: string[] = [];

    await set.rollingRestart(async (name) => {
      const pod = await simulator.pods.get(name);
      if (pod.metadata.deletionTimestamp !== undefined) terminating.push(name);
    });

    const after = await simulator.pods.list();
    expect(terminating).toEqual(['voice-agent-1', 'voice-agent-0']);
    expect(after.map((pod) => pod.metadata.name)).toEqual(['voice-agent-0', 'voice-agent-1']);
    expect(after.some((pod) => before.includes(pod.metadata.uid))).toBe(false);
  });

  it('refuses connections while it does not serve, and has its state afterwards', async () => {
    await simulator.pods.createReady('voice-agent-0');

    await simulator.stopServing();
    await expect(fetch(`${simulator.url}/healthz`)).rejects.toThrow();
    await simulator.startServing();

    expect((await fetch(`${simulator.url}/api/v1/namespaces/default/pods/voice-agent-0`)).status).toBe(200);
  });

  it('records what was asked for', async () => {
    await fetch(`${simulator.url}/api/v1/namespaces/default/pods?limit=1`);

    expect(simulator.requests.at(-1)).toMatchObject({
      status: 200,
      resource: { verb: 'list', plural: 'pods', namespace: 'default' },
    });
  });
});
