import type { FaultyTarget } from '@smart-router/kubernetes-simulator';
import { DEFAULT_TIMINGS } from '@smart-router/routing-store';
import { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import { systemClock } from '@smart-router/scheduling';
import { waitFor } from '@smart-router/testbed';
import { POD_DELETION_COST } from '../kubernetes-pods/kubernetes-pod';
import { PodDeletionCosts } from '../kubernetes-pods/pod-deletion-costs';
import { POD_READER, USER, WatchedCluster } from './watched-cluster';

const EPOCH = 1;

/**
 * How the deletion costs of the pods of a cluster come to agree with their load.
 * @param open gives a target with the user `USER`, the same one for all tests
 */
export function describeDeletionCosts(name: string, open: () => FaultyTarget): void {
  describe(`deletion costs of the pods of ${name}`, () => {
    let cluster: WatchedCluster;
    let store: MemoryRoutingStore;
    let costs: PodDeletionCosts;

    beforeEach(async () => {
      cluster = await WatchedCluster.open(open());
      await cluster.target.setRules(USER, [...POD_READER, { verbs: ['patch'], resources: ['pods'] }]);
      await cluster.add('pod-1', 'pod-2');
      await cluster.observe();
      await cluster.becomes('pod-1', true);
      await cluster.becomes('pod-2', true);
      store = new MemoryRoutingStore({ timings: DEFAULT_TIMINGS, now: Date.now });
      await store.pods.configurePool(EPOCH, 'basic', { type: 'shared', maxConcurrent: 10 });
      for (const podName of ['pod-1', 'pod-2']) await register(podName);
      const { api, pods } = cluster.replica;
      costs = new PodDeletionCosts({
        api,
        namespace: cluster.namespace.name,
        pods,
        store: store.reader,
        clock: systemClock,
      });
    });

    afterEach(async () => {
      await cluster.target.setRules(USER, POD_READER);
      await cluster.close();
    });

    const register = (podName: string): Promise<unknown> => {
      const incarnation = cluster.replica.source.recall(podName)?.incarnation ?? '';
      return store.pods.registerPod(EPOCH, { podName, incarnation, ready: true, pool: 'basic' });
    };

    const allocate = async (callSid: string): Promise<string> => {
      const outcome = await store.calls.allocate({
        callSid,
        merchantId: '',
        chain: ['basic'],
        knownMerchantConfig: null,
      });
      if (outcome.kind !== 'allocated') throw new Error(outcome.kind);
      return outcome.grant.podName;
    };

    const run = (): Promise<unknown> => costs.run(new AbortController().signal);

    const annotation = async (podName: string): Promise<unknown> =>
      (await cluster.pods.get(podName)).metadata.annotations?.[POD_DELETION_COST];

    /** Waits until the watch has brought the annotation back. */
    const seen = (podName: string, cost: number): Promise<unknown> =>
      waitFor(
        () => {
          const known = cluster.replica.pods.get(podName);
          return known?.kind === 'pod' && known.deletionCost === cost;
        },
        { timeoutMs: 30_000, description: `the cost ${cost} of ${podName}` },
      );

    it('follow the load up and down', async () => {
      const podName = await allocate('call-1');
      await run();
      await seen(podName, 1);
      const busy = await annotation(podName);
      await store.calls.release('call-1');
      await run();
      await seen(podName, 0);

      expect(busy).toBe('1');
      expect(await annotation(podName)).toBe('0');
    });

    it('are not sent again when nothing has changed', async () => {
      const podName = await allocate('call-1');
      await run();
      await seen(podName, 1);
      cluster.target.forgetRequests();
      await run();

      expect(cluster.asked('patch')).toBe(0);
    });

    it('leave a pod alone that has been replaced, also where that is not known yet', async () => {
      const podName = await allocate('call-1');
      cluster.target.faults.watches.silence();
      await cluster.pods.replace(podName);
      await run();

      expect(cluster.asked('patch')).toBe(1);
      expect(await annotation(podName)).toBeUndefined();
    });

    it('leave a pod alone that is gone', async () => {
      const podName = await allocate('call-1');
      await cluster.pods.remove(podName);
      await cluster.becomes(podName, null);
      await run();

      expect(cluster.asked('patch')).toBe(0);
    });

    it('fail with verb and resource when they may not be patched', async () => {
      await cluster.target.setRules(USER, POD_READER);
      const podName = await allocate('call-1');

      await expect(run()).rejects.toThrow(
        `pods/${podName}: patch is forbidden in namespace ${cluster.namespace.name} (403 Forbidden)`,
      );
    });
  });
}
