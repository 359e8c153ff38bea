import type { FaultyTarget } from '@smart-router/kubernetes-simulator';
import { POD_READER, USER, WatchedCluster } from './watched-cluster';
import { waitFor } from '@smart-router/testbed';

const WATCH = { verb: 'watch' } as const;
const REPLICAS = 2;
/** In place of a minute and more. */
const SHORT_SILENCE_MS = 1_500;

/**
 * What two replicas that watch pods do when something goes wrong with the API server or the line to it.
 * @param open gives a target with the user `USER`, the same one for all tests
 */
export function describePodWatch(name: string, open: () => FaultyTarget): void {
  describe(`watches of pods by two replicas on ${name}`, () => {
    let target: FaultyTarget;
    let cluster: WatchedCluster;

    const watch = async (silenceMs?: number): Promise<void> => {
      target = open();
      cluster = await WatchedCluster.open(target, REPLICAS, silenceMs === undefined ? {} : { silenceMs });
      await cluster.add('pod-1');
      await cluster.observe();
      await cluster.becomes('pod-1', true);
    };

    afterEach(() => cluster.close());

    /** A pod that comes after the fault is seen, and so is one that went during it. */
    async function expectToFollow(): Promise<void> {
      await cluster.add('later');
      await cluster.becomes('later', true);
      await cluster.pods.remove('pod-1');
      await cluster.becomes('pod-1', null);
    }

    it.each([
      ['reset', 'unreachable', 1],
      ['end', 'closed', 1],
      ['garbageLine', 'malformed', 2],
      ['halfLine', 'malformed', 2],
      ['unknownType', 'malformed', 2],
      ['hugeObject', 'malformed', 2],
      ['expire', 'expired', 2],
    ] as const)('follow on after: %s', async (fault, reason, lists) => {
      await watch();
      expect(target.faults.watches[fault]()).toBe(REPLICAS);
      await cluster.add('missed');
      await cluster.becomes('missed', true);
      expect(cluster.restarts).toEqual([[reason], [reason]]);
      expect(cluster.asked('list')).toBe(lists);
      await expectToFollow();
    });

    it('follow on after a stream that says nothing more', async () => {
      await watch(SHORT_SILENCE_MS);
      target.faults.watches.silence();
      await cluster.add('missed');
      await cluster.becomes('missed', true);
      for (const restarts of cluster.restarts) expect(new Set(restarts)).toEqual(new Set(['silent']));
      expect(cluster.asked('list')).toBe(1);
      await expectToFollow();
    });

    it('follow on after 410 in a stream that stays open', async () => {
      await watch();
      target.faults.watches.expire({}, { thenEnd: false });
      await cluster.add('missed');
      await cluster.becomes('missed', true);
      expect(cluster.restarts).toEqual([['expired'], ['expired']]);
    });

    it('follow on after 410 as the status of a watch', async () => {
      await watch();
      target.faults.next(WATCH, { kind: 'status', status: 410 }, Infinity);
      target.faults.watches.end();
      await cluster.restarted('expired');
      target.faults.clear();
      await expectToFollow();
      const expired = cluster.restarts.flat().filter((reason) => reason === 'expired');
      expect(cluster.requests('list')).toHaveLength(REPLICAS + expired.length);
    });

    it('see what went while they could not watch and the history was forgotten', async () => {
      await watch();
      target.faults.next(WATCH, { kind: 'reset' }, Infinity);
      target.faults.watches.reset();
      await cluster.pods.remove('pod-1');
      await cluster.add('missed');
      await target.compact();
      target.faults.clear();
      await cluster.becomes('pod-1', null);
      await cluster.becomes('missed', true);
      for (const restarts of cluster.restarts) expect(restarts).toContain('expired');
    }, 120_000);

    it.each([500, 503])('follow on after %d', async (status) => {
      await watch();
      target.faults.next(WATCH, { kind: 'status', status }, Infinity);
      target.faults.watches.end();
      await cluster.restarted('refused', 2);
      target.faults.clear();
      await expectToFollow();
      for (const restarts of cluster.restarts) expect(restarts.slice(0, 3)).toEqual(['closed', 'refused', 'refused']);
      expect(cluster.asked('list')).toBe(1);
    });

    it('wait as long as the server asks when it is asked too often', async () => {
      await watch();
      target.forgetRequests();
      target.faults.next(WATCH, { kind: 'status', status: 429, retryAfterSeconds: 2 }, REPLICAS);
      target.faults.watches.end();
      await expectToFollow();
      const [first, second, third, fourth] = cluster.requests('watch');
      expect([first, second, third, fourth].map((request) => request?.status)).toEqual([429, 429, 200, 200]);
      expect((third?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(2_000);
      expect((fourth?.atMs ?? 0) - (second?.atMs ?? 0)).toBeGreaterThanOrEqual(2_000);
    });

    it('follow on after a restart of the API server', async () => {
      await watch();
      await target.stopServing();
      await cluster.restarted('unreachable');
      for (const { source } of cluster.replicas) expect(source.recall('pod-1')?.ready).toBe(true);
      const listing = cluster.replica.list();
      await expect(listing).rejects.toMatchObject({ code: 'POD_SOURCE_UNAVAILABLE' });
      await target.startServing();
      await expectToFollow();
    }, 120_000);

    it('say what is forbidden, keep what is known, and continue when it is allowed again', async () => {
      await watch();
      const { name: namespace } = cluster.namespace;
      await target.setRules(USER, []);
      target.faults.watches.expire();
      const sentence = `pods: list is forbidden in namespace ${namespace} (403 Forbidden)`;
      for (const { complaints, source } of cluster.replicas.map((replica) => ({
        complaints: () => replica.complaints,
        source: replica.source,
      }))) {
        await waitFor(() => complaints().some((text) => text.startsWith(sentence)), {
          description: sentence,
          timeoutMs: 15_000,
        });
        expect(source.recall('pod-1')?.ready).toBe(true);
      }
      await expect(cluster.replica.list()).rejects.toThrow(`cannot list pods from Kubernetes: ${sentence}`);
      await target.setRules(USER, POD_READER);
      await expectToFollow();
    }, 60_000);
  });
}
