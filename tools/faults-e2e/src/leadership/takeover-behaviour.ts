import type { KubernetesTarget } from '@smart-router/kubernetes-simulator';
import { waitFor } from '@smart-router/testbed';
import { ElectionGroup, type ElectionTimings, leadershipOf, type Member, TAKEOVER_MS, TIMINGS } from './election-group';
import { acceptedTerms, leaderWrites } from './leader-writes';

/** A lease that does not run out within a test: whoever leads next was handed it. */
const LONG_LEASE: ElectionTimings = { leaseMs: 300_000, renewDeadlineMs: 240_000, retryMs: 500 };

/** What happens when a leader ends or is lost. @param start gives where they compete; `null`: in Redis */
export function describeTakeover(name: string, start: () => Promise<KubernetesTarget | null>): void {
  describe(`two leader workers that compete in ${name}`, () => {
    let target: KubernetesTarget | null = null;
    let group: ElectionGroup;
    let leader: Member;
    let follower: Member;

    beforeAll(async () => {
      target = await start();
    }, 180_000);

    afterAll(() => target?.stop(), 60_000);

    const open = async (timings = TIMINGS): Promise<void> => {
      group = await ElectionGroup.open(target, timings);
      leader = await group.start();
      await group.leader();
      follower = await group.start();
    };

    beforeEach(() => open());

    afterEach(async () => {
      const terms = acceptedTerms(await leaderWrites(group.keys));
      expect(terms).toEqual([...new Set(terms)].sort((a, b) => a - b));
      await group.close();
    });

    const isLed = (by: Member, timeoutMs = 20_000) =>
      group.leader(({ identity }) => identity === by.identity, timeoutMs);

    it('have one leader, and both say who', async () => {
      const leading = await leadershipOf(leader);
      expect(leading).toMatchObject({ status: 200, facts: { status: 'up', is_leader: true, epoch: 1 } });
      const following = await leadershipOf(follower);
      expect(following).toMatchObject({ status: 200, facts: { status: 'up', is_leader: false, epoch: null } });
      expect(following.facts['lease_holder']).toBe(leading.facts['lease_holder']);
      expect(String(leading.facts['lease_holder'])).toContain(leader.identity);
    });

    it('have the other one lead after a crash', async () => {
      await group.kill(leader);
      const crashedAt = performance.now();
      await isLed(follower, 2 * TAKEOVER_MS);
      report(`kill -9, lease ${TIMINGS.leaseMs} ms`, name, crashedAt);
      expect(await group.announced()).toMatchObject({ epoch: 2 });
    });

    it('hand the lease over in an orderly end', async () => {
      await group.close();
      await open(LONG_LEASE);
      const endedAt = performance.now();
      const end = leader.app.stop();
      await isLed(follower);
      report('SIGTERM', name, endedAt);
      expect(await end).toEqual({ code: 0, signal: null });
    });

    it('are not disturbed by one that was stopped for longer than its lease and continues', async () => {
      leader.app.pause();
      await isLed(follower, 2 * TAKEOVER_MS);
      leader.app.resume();
      await waitFor(async () => (await leadershipOf(leader)).facts['is_leader'] === false, {
        timeoutMs: 20_000,
        description: 'the one that was stopped to follow',
      });
      await isLed(follower);
      expect((await leadershipOf(follower)).facts).toMatchObject({ is_leader: true, epoch: 2 });
      await group.kill(follower);
      await isLed(leader, 4 * TAKEOVER_MS);
      expect(await group.announced()).toMatchObject({ epoch: 3 });
    });

    it('continue with one leader when Redis has lost all its data', async () => {
      await group.keys.flushall();
      await group.leader();
      await waitFor(async () => (await group.keys.zcard('voice:pods')) === 3, {
        timeoutMs: 20_000,
        description: 'the pools to be full again',
      });
    });

    it('leave the lease with the leader that has lost its way to Redis, which says so', async () => {
      leader.lineToRedis.blackhole();
      if (target === null) return void (await isLed(follower, 2 * TAKEOVER_MS));
      await waitFor(async () => (await leadershipOf(leader)).status === 503, {
        timeoutMs: 20_000,
        description: 'the leader to report that something is wrong',
      });
      await leader.lineToRedis.heal();
      await waitFor(async () => (await leadershipOf(leader)).status === 200, {
        timeoutMs: 20_000,
        description: 'the leader to recover',
      });
      await group.leader();
    });
  });
}

/** For the figures in the documentation. */
function report(how: string, place: string, since: number): void {
  const tookMs = Math.round(performance.now() - since);
  process.stdout.write(`${how}, ${place}: a new leader after ${tookMs} ms\n`);
}
