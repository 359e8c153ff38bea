import { type AppProcess, askRedis, waitFor } from '@smart-router/testbed';
import { allocate, componentStatusOf, release } from './calls';
import { KubernetesFleet, PATIENCE_MS, type StartCluster } from './kubernetes-fleet';

const REPLICAS = 3;

/** What is left of the service when processes, Redis or the API server go away. */
export function describeCrashes(name: string, startCluster: StartCluster): void {
  describe(`a fleet on ${name}`, () => {
    let fleet: KubernetesFleet;

    beforeAll(async () => {
      fleet = await KubernetesFleet.start({ replicas: REPLICAS, startCluster });
    }, 240_000);

    afterAll(() => fleet?.stop());

    const killLeader = async (): Promise<{ identity: string; epoch: number }> => {
      const leader = await fleet.leader();
      await fleet.workers.get(leader.identity)?.kill();
      return leader;
    };

    const leadingWorker = async (): Promise<AppProcess> =>
      fleet.workers.get((await fleet.leader()).identity) as AppProcess;

    const nextLeader = (after: number): Promise<unknown> =>
      waitFor(async () => (await fleet.leader()).epoch > after, {
        timeoutMs: PATIENCE_MS,
        description: `a leader after epoch ${after}`,
      });

    /** Asked of Redis itself: no process can answer this with what it remembers. */
    const redisHasPods = (): Promise<unknown> =>
      waitFor(async () => (await askRedis(fleet.redis.port, 'SCARD voice:pool:standard:available')) === `${REPLICAS}`, {
        timeoutMs: PATIENCE_MS,
        description: `${REPLICAS} pods in Redis`,
      });

    it('shows on every process of the API who leads', async () => {
      const [first, second] = await Promise.all(fleet.apis.map(async ({ api }) => (await api.status()).body));

      expect([...fleet.workers.keys()]).toContain(first?.leader?.identity);
      expect(second?.leader).toEqual(first?.leader);
      expect(first?.is_leader).toBe(false);
    });

    it('is followed by another leader when the leader was killed', async () => {
      const killed = await killLeader();
      await fleet.agents.scale(REPLICAS + 1);
      await nextLeader(killed.epoch);
      await fleet.hasPods(REPLICAS + 1);

      expect((await fleet.leader()).identity).not.toBe(killed.identity);
      await fleet.startWorker(killed.identity);
      await fleet.agents.scale(REPLICAS);
      await fleet.hasPods(REPLICAS);
    });

    it('is reported as it is when a process of the API was killed and started again', async () => {
      const [, second] = fleet.apis;
      const podName = await allocate(fleet.api, 'survivor');
      await second?.kill();
      fleet.apis.pop();
      const restarted = await fleet.startApi();
      await fleet.hasPods(REPLICAS, REPLICAS - 1);

      expect(await allocate(restarted, 'survivor')).toBe(podName);
      expect(await release(restarted, 'survivor')).toBe(200);
      await fleet.hasPods(REPLICAS);
    });

    it('has all pods again when Redis was emptied', async () => {
      await askRedis(fleet.redis.port, 'FLUSHALL');
      await redisHasPods();
      await fleet.hasPods(REPLICAS);

      // New calls wait a moment for what the replicas report of the calls before.
      const podName = await waitFor(() => allocate(fleet.api, 'after-flush'), {
        timeoutMs: PATIENCE_MS,
        description: 'a new call to get a pod',
      });
      expect(podName).toMatch(/^voice-agent-\d$/);
      await release(fleet.api, 'after-flush');
    });

    it('has all pods again when Redis was emptied while nobody led', async () => {
      const killed = await killLeader();
      await askRedis(fleet.redis.port, 'FLUSHALL');
      await redisHasPods();
      await fleet.hasPods(REPLICAS);

      expect((await fleet.leader()).identity).not.toBe(killed.identity);
      await fleet.startWorker(killed.identity);
    });

    it('gives and frees pods while the API server of the cluster is away, and catches up afterwards', async () => {
      const clusterIs = (status: string, worker: AppProcess): Promise<unknown> =>
        waitFor(async () => (await componentStatusOf(worker, 'kubernetes')) === status, {
          timeoutMs: PATIENCE_MS,
          description: `the cluster to be ${status}`,
        });
      const leader = await leadingWorker();
      await fleet.cluster.stopServing();
      await clusterIs('DEGRADED', leader);
      const podName = await allocate(fleet.api, 'no-cluster');
      const released = await release(fleet.api, 'no-cluster');
      await fleet.cluster.startServing();
      await fleet.agents.scale(REPLICAS + 1);
      await fleet.hasPods(REPLICAS + 1);
      // For the one that leads now: one that led before has no use for the pods any more.
      await clusterIs('SUCCESS', await leadingWorker());

      expect(podName).not.toBeNull();
      expect(released).toBe(200);
      await fleet.agents.scale(REPLICAS);
      await fleet.hasPods(REPLICAS);
    });

    it('names verb and resource to operators while the leader may not list pods, and serves calls', async () => {
      await fleet.permitLists(false);
      const leader = await leadingWorker();
      const failing = async (): Promise<readonly object[]> => {
        await fleet.api.api.reconcile();
        return (await leader.api.healthDetails()).body.details.kubernetes.failing;
      };
      const refusal = { verb: 'list', resource: 'pods', namespace: fleet.pods.namespace, outcome: '403' };
      const isReported = async (): Promise<boolean> =>
        JSON.stringify(await failing()).includes(JSON.stringify(refusal));
      await waitFor(isReported, { timeoutMs: PATIENCE_MS, description: 'the refusal to be reported' });
      const podName = await allocate(fleet.api, 'forbidden');
      const released = await release(fleet.api, 'forbidden');
      await fleet.permitLists(true);

      expect([podName === null, released]).toEqual([false, 200]);
      const isOver = async (): Promise<boolean> => (await failing()).length === 0;
      await waitFor(isOver, { timeoutMs: PATIENCE_MS, description: 'nothing to fail any more' });
    });

    /** Again and again, since a pass that was asked for before may still come and repair it. */
    const losesPod = (): Promise<unknown> =>
      waitFor(
        async () => {
          await askRedis(fleet.redis.port, 'SREM voice:pool:standard:available voice-agent-0');
          return fleet.seesPods(REPLICAS, REPLICAS - 1);
        },
        { timeoutMs: PATIENCE_MS, description: 'a pod to be lost that no pass brings back' },
      );

    it('reconciles when any process of the API is asked to', async () => {
      for (const api of fleet.apis) {
        await losesPod();
        expect(await api.api.reconcile()).toMatchObject({ status: 200 });
        await fleet.hasPods(REPLICAS);
      }
    });
  });
}
