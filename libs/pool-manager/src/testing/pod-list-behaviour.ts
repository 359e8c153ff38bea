import type { FaultyTarget } from '@smart-router/kubernetes-simulator';
import { waitFor } from '@smart-router/testbed';
import { WatchedCluster } from './watched-cluster';

/** More than a page of a list has. */
const TWO_PAGES = 510;

/**
 * What the pod source sees of a cluster where nothing goes wrong, or a list.
 * @param open gives a target with the user `USER`, the same one for all tests
 */
export function describePodsOfCluster(name: string, open: () => FaultyTarget): void {
  describe(`pods of ${name}`, () => {
    let cluster: WatchedCluster;

    beforeEach(async () => {
      cluster = await WatchedCluster.open(open());
      await cluster.add('pod-1');
    });

    afterEach(() => cluster.close());

    it('are seen as they come, become ready, terminate, and go', async () => {
      const { pods, replica } = cluster;
      await cluster.observe();
      await cluster.becomes('pod-1', true);
      await cluster.add('pod-2');
      await cluster.becomes('pod-2', true);
      await pods.setReady('pod-2', false);
      await cluster.becomes('pod-2', false);
      await pods.terminate('pod-1');
      await waitFor(() => replica.source.recall('pod-1')?.terminating === true, { description: 'terminating' });
      await pods.remove('pod-1');
      await cluster.becomes('pod-1', null);
    });

    it('are another incarnation when they come back under their name', async () => {
      const { source } = cluster.replica;
      await cluster.observe();
      await cluster.becomes('pod-1', true);
      const before = source.recall('pod-1')?.incarnation;
      await cluster.pods.replace('pod-1');
      await waitFor(() => ![before, undefined].includes(source.recall('pod-1')?.incarnation), {
        description: 'a new incarnation',
      });
    });

    it('are those that the label selector names', async () => {
      await cluster.pods.createReady('foreign', { labels: { app: 'other' } });
      await cluster.observe();
      expect((await cluster.replica.list()).map(({ podName }) => podName)).toEqual(['pod-1']);
    });

    it('are watched, and listed once only', async () => {
      await cluster.observe();
      await cluster.add('pod-2');
      await cluster.becomes('pod-2', true);
      expect([cluster.asked('list'), cluster.asked('watch')]).toEqual([1, 1]);
    });

    it('are listed page by page, and from the first page again when a later one is gone', async () => {
      await cluster.add(...Array.from({ length: TWO_PAGES }, (_, i) => `many-${i}`));
      await cluster.observe();
      expect(cluster.asked('list')).toBe(2);
      cluster.target.forgetRequests();
      cluster.target.faults.next({ verb: 'list', isLaterPage: true }, { kind: 'status', status: 410 });
      await expect(cluster.replica.list()).rejects.toMatchObject({ code: 'POD_SOURCE_UNAVAILABLE' });
      const requests = (): number => cluster.requests('list').length;
      await waitFor(() => requests() === 4, { description: 'another list', timeoutMs: 15_000 });
      expect(await cluster.replica.source.list(new AbortController().signal)).toHaveLength(TWO_PAGES + 1);
      expect(cluster.requests('list').map(({ status }) => status)).toEqual([200, 410, 200, 200]);
    }, 120_000);
  });
}
