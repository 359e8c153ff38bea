import { writeFileSync } from 'node:fs';
import { waitFor } from '@smart-router/test-processes';
import { POD_READER, USER, WatchedCluster } from '../testing/watched-cluster';

const WATCH = { verb: 'watch' } as const;
const LIST = { verb: 'list' } as const;

describe('pods of a Kubernetes cluster', () => {
  let cluster: WatchedCluster;

  beforeEach(async () => {
    cluster = await WatchedCluster.start();
    await cluster.add('pod-1');
  });

  afterEach(() => cluster.stop());

  it('are seen as they come, become ready, terminate, and go', async () => {
    const { pods } = cluster.simulator;
    await cluster.observe();
    await cluster.becomes('pod-1', true);
    await cluster.add('pod-2');
    await cluster.becomes('pod-2', true);
    await pods.setReady('pod-2', false);
    await cluster.becomes('pod-2', false);
    await pods.terminate('pod-1');
    await waitFor(() => cluster.source.recall('pod-1')?.terminating === true, { description: 'terminating' });
    await pods.remove('pod-1');
    await cluster.becomes('pod-1', null);
  });

  it('are another incarnation when they come back under their name', async () => {
    await cluster.observe();
    const before = cluster.source.recall('pod-1')?.incarnation;
    await cluster.simulator.pods.replace('pod-1');
    await waitFor(() => ![before, undefined].includes(cluster.source.recall('pod-1')?.incarnation), {
      description: 'a new incarnation',
    });
  });

  it('are those that the label selector names', async () => {
    await cluster.simulator.pods.createReady('stranger', { labels: { app: 'other' } });
    expect((await cluster.list()).map(({ podName }) => podName)).toEqual(['pod-1']);
  });

  it('are listed page by page', async () => {
    const names = Array.from({ length: 1_100 }, (_, i) => `many-${i}`);
    await cluster.add(...names);
    cluster.simulator.forgetRequests();
    expect(await cluster.list()).toHaveLength(1_101);
    expect(cluster.asked('list')).toBe(3);
  });

  it('are watched, and listed once only', async () => {
    await cluster.observe();
    await cluster.add('pod-2');
    await cluster.becomes('pod-2', true);
    expect([cluster.asked('list'), cluster.asked('watch')]).toEqual([1, 1]);
  });
});

describe('a watch of pods', () => {
  let cluster: WatchedCluster;

  beforeEach(async () => {
    cluster = await WatchedCluster.start();
    await cluster.add('pod-1');
    await cluster.observe();
    await cluster.becomes('pod-1', true);
  });

  afterEach(() => cluster.stop());

  /** A pod that comes after the fault is seen, and so is one that went during it. */
  async function expectToFollow(): Promise<void> {
    await cluster.add('later');
    await cluster.becomes('later', true);
    await cluster.simulator.pods.remove('pod-1');
    await cluster.becomes('pod-1', null);
  }

  it.each([
    ['reset', 'unreachable', 1],
    ['end', 'closed', 1],
    ['silence', 'silent', 1],
    ['garbageLine', 'malformed', 2],
    ['halfLine', 'malformed', 2],
    ['unknownType', 'malformed', 2],
    ['hugeObject', 'malformed', 2],
    ['expire', 'expired', 2],
  ] as const)('follows on after: %s', async (fault, reason, lists) => {
    cluster.simulator.faults.watches[fault]();
    await cluster.add('missed');
    await cluster.becomes('missed', true);
    expect(cluster.restarts).toEqual([reason]);
    expect(cluster.asked('list')).toBe(lists);
    await expectToFollow();
  });

  it('follows on after 410 in a stream that stays open', async () => {
    cluster.simulator.faults.watches.expire({}, { thenEnd: false });
    await cluster.add('missed');
    await cluster.becomes('missed', true);
    expect(cluster.restarts).toEqual(['expired']);
  });

  it('sees what went while it could not watch and the history was forgotten', async () => {
    const { faults, pods } = cluster.simulator;
    faults.next(WATCH, { kind: 'reset' }, Infinity);
    faults.watches.reset();
    await pods.remove('pod-1');
    await cluster.add('missed');
    await cluster.simulator.compact();
    faults.clear();
    await cluster.becomes('pod-1', null);
    await cluster.becomes('missed', true);
    expect(cluster.restarts).toContain('expired');
  });

  it.each([500, 503])('follows on after %d', async (status) => {
    cluster.simulator.faults.next(WATCH, { kind: 'status', status }, 2);
    cluster.simulator.faults.watches.end();
    await expectToFollow();
    expect(cluster.restarts).toEqual(['closed', 'refused', 'refused']);
    expect(cluster.asked('list')).toBe(1);
  });

  it('waits as long as the server asks when it is asked too often', async () => {
    const { faults } = cluster.simulator;
    cluster.simulator.forgetRequests();
    faults.next(WATCH, { kind: 'status', status: 429, retryAfterSeconds: 2 });
    faults.watches.end();
    await expectToFollow();
    const [refused, accepted] = cluster.simulator.requests.filter(({ resource }) => resource?.verb === 'watch');
    expect([refused?.status, accepted?.status]).toEqual([429, 200]);
    expect((accepted?.atMs ?? 0) - (refused?.atMs ?? 0)).toBeGreaterThanOrEqual(2_000);
  });

  it('lists from the first page again when a later one is gone', async () => {
    await cluster.add(...Array.from({ length: 600 }, (_, i) => `many-${i}`));
    await cluster.becomes('many-599', true);
    cluster.simulator.forgetRequests();
    cluster.simulator.faults.next({ ...LIST, isLaterPage: true }, { kind: 'status', status: 410 });
    cluster.simulator.faults.watches.expire();
    await expectToFollow();
    const lists = cluster.simulator.requests.filter(({ resource }) => resource?.verb === 'list');
    expect(lists.map(({ status }) => status)).toEqual([200, 410, 200, 200]);
  });

  it('follows on after a restart of the API server', async () => {
    await cluster.simulator.stopServing();
    await waitFor(() => cluster.restarts.includes('unreachable'), { description: 'a broken watch' });
    await cluster.add('missed');
    await expect(cluster.list()).rejects.toMatchObject({ code: 'POD_SOURCE_UNAVAILABLE' });
    expect(cluster.source.recall('pod-1')?.ready).toBe(true);
    await cluster.simulator.startServing();
    await cluster.becomes('missed', true);
    await expectToFollow();
  });

  it('goes on with a token that was replaced', async () => {
    cluster.simulator.setToken(USER, 'second');
    cluster.simulator.faults.watches.end();
    await waitFor(() => cluster.restarts.includes('refused'), { description: 'a refused token' });
    writeFileSync(cluster.kubeconfig, cluster.simulator.kubeconfig(USER));
    await expectToFollow();
    expect(cluster.simulator.requests.some(({ status }) => status === 401)).toBe(true);
  });

  it('says what is forbidden, keeps what is known, and goes on when it is allowed again', async () => {
    await cluster.simulator.setRules(USER, []);
    cluster.simulator.faults.watches.expire();
    const told = () => cluster.logger.lines.map(({ fields }) => String((fields as { err?: Error }).err?.message));
    const sentence = 'pods: list is forbidden in namespace default (403 Forbidden)';
    await waitFor(() => told().some((text) => text.startsWith(sentence)), { description: sentence });
    expect(cluster.source.recall('pod-1')?.ready).toBe(true);
    await expect(cluster.list()).rejects.toThrow(`cannot list pods from Kubernetes: ${sentence}`);
    await cluster.simulator.setRules(USER, POD_READER);
    await expectToFollow();
  });
});
