import { CoordinationV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { type KubernetesSimulator, startKubernetesSimulator } from './kubernetes-simulator';
import { waitFor } from '@smart-router/testbed';
import { KubeconfigClient } from './testing/kubeconfig-client';
import type { WatchReader } from './testing/watch-reader';
import { FakeStatefulSet } from './fakes/fake-stateful-set';

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
    await FakeStatefulSet.start(simulator.pods, { name: 'voice-agent', replicas: 3 });
    await simulator.leases.create('leader', { holderIdentity: 'a', leaseDurationSeconds: 15 });

    const pods = await client().makeApiClient(CoreV1Api).listNamespacedPod({ namespace: 'default' });
    const lease = await client()
      .makeApiClient(CoordinationV1Api)
      .readNamespacedLease({ namespace: 'default', name: 'leader' });

    expect(pods.items.map((pod) => pod.status?.podIP)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
    expect(lease.spec?.holderIdentity).toBe('a');
  });

  it('gives each pod a new uid in a rolling restart', async () => {
    const set = await FakeStatefulSet.start(simulator.pods, { name: 'voice-agent', replicas: 2 });
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
    await expect(fetch(`${simulator.url}/api/v1/pods`)).rejects.toThrow();
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

  it('keeps a deleted pod for its grace period, and removes it then', async () => {
    await simulator.pods.createReady('voice-agent-0');

    await simulator.pods.terminate('voice-agent-0', 1);

    expect(await simulator.pods.exists('voice-agent-0')).toBe(true);
    await waitFor(async () => !(await simulator.pods.exists('voice-agent-0')), { description: 'the pod to be gone' });
  });

  describe('faults', () => {
    const list = (query = ''): Promise<Response> => fetch(`${simulator.url}/api/v1/namespaces/default/pods${query}`);

    it('answers the next matching requests with a status and Retry-After', async () => {
      simulator.faults.next({ verb: 'list' }, { kind: 'status', status: 429, retryAfterSeconds: 5 }, 2);

      const other = await fetch(`${simulator.url}/api/v1/namespaces/default/pods/nobody`);
      const [first, second, third] = [await list(), await list(), await list()];

      expect(other.status).toBe(404);
      expect([first.status, second.status, third.status]).toEqual([429, 429, 200]);
      expect(first.headers.get('retry-after')).toBe('5');
      expect(await first.text()).toBe('Too many requests, please try again later.\n');
    });

    it.each(['reset', 'lost-reply'] as const)('breaks the connection for %s', async (kind) => {
      simulator.faults.next({ verb: 'list' }, { kind });

      await expect(list().then((response) => response.text())).rejects.toThrow();
    });

    it('does what a request asks for when only its reply is lost', async () => {
      simulator.faults.next({ verb: 'delete' }, { kind: 'lost-reply' });
      await simulator.pods.create('voice-agent-0');
      const url = `${simulator.url}/api/v1/namespaces/default/pods/voice-agent-0`;

      await expect(fetch(url, { method: 'DELETE', body: '{"gracePeriodSeconds":0}' })).rejects.toThrow();

      expect(await simulator.pods.exists('voice-agent-0')).toBe(false);
    });

    it('meets only the second page', async () => {
      for (const name of ['a', 'b', 'c']) await simulator.pods.create(name);
      simulator.faults.next({ verb: 'list', isLaterPage: true }, { kind: 'status', status: 410 });

      const first = (await (await list('?limit=1')).json()) as { metadata: { continue: string } };
      const second = await list(`?limit=1&continue=${encodeURIComponent(first.metadata.continue)}`);

      expect(second.status).toBe(410);
    });
  });

  describe('faults of running watches', () => {
    let client: KubeconfigClient;
    let watch: WatchReader;

    beforeEach(async () => {
      client = new KubeconfigClient(simulator.kubeconfig());
      watch = await client.watch('/api/v1/namespaces/default/pods?allowWatchBookmarks=true');
    });

    afterEach(() => client.close());

    it.each(['reset', 'end', 'expire'] as const)('ends the watch by %s', async (fault) => {
      expect(simulator.faults.watches[fault]()).toBe(1);

      await watch.ended();
      expect(simulator.faults.watches.count()).toBe(0);
    });

    it('leaves the stream open after a 410 where that is asked for', async () => {
      simulator.faults.watches.expire({}, { thenEnd: false });

      expect((await watch.next()).object.code).toBe(410);
      await simulator.pods.create('voice-agent-0');
      expect([watch.hasEnded, watch.events.length]).toEqual([false, 1]);
    });

    it('sends an object of ten megabytes', async () => {
      simulator.faults.watches.hugeObject();

      expect(JSON.stringify((await watch.next()).object).length).toBeGreaterThan(10 * 1024 * 1024);
    });

    it('meets only the watches that match', () => {
      expect(simulator.faults.watches.reset({ resource: 'leases' })).toBe(0);
    });
  });

  describe('the scale endpoint', () => {
    const scale = (replicas: string): Promise<Response> =>
      fetch(`${simulator.url}/simulator/scale?replicas=${replicas}`, { method: 'POST' });
    const names = async (): Promise<string[]> => (await simulator.pods.list()).map(({ metadata }) => metadata.name);

    beforeEach(async () => {
      simulator.statefulSet = await FakeStatefulSet.start(simulator.pods, { name: 'agent', replicas: 3 });
    });

    it('adds pods and removes the last ones', async () => {
      expect((await scale('4')).status).toBe(200);
      expect(await names()).toEqual(['agent-0', 'agent-1', 'agent-2', 'agent-3']);

      expect((await scale('1')).status).toBe(200);
      expect(await names()).toEqual(['agent-0']);
    });

    it('brings back a pod that was deleted', async () => {
      await fetch(`${simulator.url}/api/v1/namespaces/default/pods/agent-1`, {
        method: 'DELETE',
        body: '{"gracePeriodSeconds":0}',
      });
      expect(await names()).toEqual(['agent-0', 'agent-2']);

      await scale('3');

      expect(await names()).toEqual(['agent-0', 'agent-1', 'agent-2']);
    });

    it('answers 400 when the number is none', async () => {
      expect((await scale('many')).status).toBe(400);
    });

    it('answers 404 where there is no StatefulSet', async () => {
      simulator.statefulSet = null;

      expect((await scale('1')).status).toBe(404);
    });
  });
});
