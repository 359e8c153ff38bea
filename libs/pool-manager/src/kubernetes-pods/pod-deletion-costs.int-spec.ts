import { DEFAULT_TIMINGS } from '@smart-router/routing-store';
import { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import { systemClock } from '@smart-router/scheduling';
import { waitFor } from '@smart-router/test-processes';
import { POD_READER, USER, WatchedCluster } from '../testing/watched-cluster';
import { POD_DELETION_COST } from './kubernetes-pod';
import { PodDeletionCosts } from './pod-deletion-costs';

const EPOCH = 1;

describe('deletion costs of the pods of a cluster', () => {
  let cluster: WatchedCluster;
  let store: MemoryRoutingStore;
  let costs: PodDeletionCosts;

  beforeEach(async () => {
    cluster = await WatchedCluster.start();
    await cluster.simulator.setRules(USER, [...POD_READER, { verbs: ['patch'], resources: ['pods'] }]);
    await cluster.add('pod-1', 'pod-2');
    await cluster.observe();
    await cluster.becomes('pod-1', true);
    await cluster.becomes('pod-2', true);
    store = new MemoryRoutingStore({ timings: DEFAULT_TIMINGS, now: Date.now });
    await store.configurePool(EPOCH, 'basic', { type: 'shared', maxConcurrent: 10 });
    for (const podName of ['pod-1', 'pod-2']) await register(podName);
    const { api, pods, simulator } = cluster;
    costs = new PodDeletionCosts({ api, namespace: simulator.namespace, pods, store, clock: systemClock });
  });

  afterEach(() => cluster.stop());

  const register = (podName: string): Promise<unknown> => {
    const incarnation = cluster.source.recall(podName)?.incarnation ?? '';
    return store.registerPod(EPOCH, { podName, incarnation, ready: true, pool: 'basic' });
  };

  const allocate = async (callSid: string): Promise<string> => {
    const outcome = await store.allocate({ callSid, merchantId: '', chain: ['basic'], knownMerchantConfig: null });
    if (outcome.kind !== 'allocated') throw new Error(outcome.kind);
    return outcome.grant.podName;
  };

  const run = (): Promise<unknown> => costs.run(new AbortController().signal);

  const annotation = async (podName: string): Promise<unknown> =>
    (await cluster.simulator.pods.get(podName)).metadata.annotations?.[POD_DELETION_COST];

  /** Waits until the watch has brought the annotation back. */
  const seen = (podName: string, cost: number): Promise<unknown> =>
    waitFor(
      () => {
        const known = cluster.pods.get(podName);
        return known?.kind === 'pod' && known.deletionCost === cost;
      },
      { timeoutMs: 15_000, description: `the cost ${cost} of ${podName}` },
    );

  it('follow the load up and down', async () => {
    const podName = await allocate('call-1');
    await run();
    await seen(podName, 1);
    const busy = await annotation(podName);
    await store.release('call-1');
    await run();
    await seen(podName, 0);

    expect(busy).toBe('1');
    expect(await annotation(podName)).toBe('0');
  });

  it('are not sent again when nothing has changed', async () => {
    const podName = await allocate('call-1');
    await run();
    await seen(podName, 1);
    cluster.simulator.forgetRequests();
    await run();

    expect(cluster.asked('patch')).toBe(0);
  });

  it('leave a pod alone that has been replaced, also where that is not known yet', async () => {
    const podName = await allocate('call-1');
    cluster.simulator.faults.watches.silence();
    await cluster.simulator.pods.replace(podName);
    await run();

    expect(cluster.asked('patch')).toBe(1);
    expect(await annotation(podName)).toBeUndefined();
  });

  it('leave a pod alone that is gone', async () => {
    const podName = await allocate('call-1');
    await cluster.simulator.pods.remove(podName);
    await cluster.becomes(podName, null);
    await run();

    expect(cluster.asked('patch')).toBe(0);
  });

  it('fail with verb and resource when they may not be patched', async () => {
    await cluster.simulator.setRules(USER, POD_READER);
    const podName = await allocate('call-1');

    await expect(run()).rejects.toThrow(`pods/${podName}: patch is forbidden in namespace default (403 Forbidden)`);
  });
});
