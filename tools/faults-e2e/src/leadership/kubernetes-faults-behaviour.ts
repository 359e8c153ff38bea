import type { FaultyTarget, FakeLeases } from '@smart-router/kubernetes-simulator';
import { waitFor } from '@smart-router/testbed';
import { ElectionGroup, LEASE_NAME, leadershipOf, type Member, TAKEOVER_MS, TIMINGS } from './election-group';
import { acceptedTerms, leaderWrites } from './leader-writes';

/** Much longer than anybody may lead without renewing. */
const OUTAGE_MS = 4 * TIMINGS.leaseMs;

/** What an API server that fails, and hands in the lease, do to a leader. */
export function describeKubernetesFaults(name: string, start: () => Promise<FaultyTarget>): void {
  describe(`leader workers when ${name} fails them`, () => {
    let target: FaultyTarget;
    let group: ElectionGroup;
    let leader: Member;

    beforeAll(async () => {
      target = await start();
    }, 180_000);

    afterAll(() => target.stop(), 60_000);

    beforeEach(async () => {
      group = await ElectionGroup.open(target);
      leader = await group.start();
      await group.leader();
    });

    afterEach(async () => {
      const terms = acceptedTerms(await leaderWrites(group.keys));
      expect(terms).toEqual([...new Set(terms)].sort((a, b) => a - b));
      await group.close();
    });

    const leases = () => group.cluster?.namespace.leases as FakeLeases;
    const leads = (member: Member, expected: boolean) =>
      waitFor(async () => (await leadershipOf(member)).facts['is_leader'] === expected, {
        timeoutMs: 30_000,
        description: `${member.identity} ${expected ? 'to lead' : 'to stop leading'}`,
      });

    it('stop leading while the API is away, and lead again when it is back, with the same process', async () => {
      await target.stopServing();
      await leads(leader, false);
      const before = await group.keys.get('voice:leader:epoch');
      const until = performance.now() + OUTAGE_MS;
      await waitFor(() => performance.now() > until, { timeoutMs: 2 * OUTAGE_MS, description: 'the outage to go by' });
      expect(await group.keys.get('voice:leader:epoch')).toBe(before);
      await target.startServing();
      await leads(leader, true);
    });

    it('leave it to another one when one has lost its way to the API, though not to Redis', async () => {
      const other = await group.start();
      leader.lineToApi?.blackhole();
      await leads(leader, false);
      await group.leader(({ identity }) => identity === other.identity, 2 * TAKEOVER_MS);
      await leader.lineToApi?.heal();
      await leads(other, true);
      await waitFor(async () => String((await leadershipOf(leader)).facts['lease_holder']).includes(other.identity), {
        timeoutMs: 20_000,
        description: 'the one that was cut off to see who leads',
      });
    });

    it('continue with a higher epoch when the lease is deleted', async () => {
      await leases().delete(LEASE_NAME);
      await group.leader(({ epoch }) => epoch > 1);
    });

    it('continue when the lease was edited by hand into something else', async () => {
      await leases().edit(LEASE_NAME, { holderIdentity: 'nobody-we-know', leaseDurationSeconds: 100_000 });
      await leads(leader, false);
      await group.leader(({ epoch }) => epoch > 1);
      await leases().edit(LEASE_NAME, { leaseTransitions: 0, acquireTime: null, renewTime: null });
      await group.kill(leader);
      const next = await group.start();
      await group.leader(({ epoch, identity }) => epoch > 2 && identity === next.identity, 4 * TAKEOVER_MS);
    });

    it('come out of a storm of conflicts with a leader', async () => {
      const update = { resource: 'leases', verb: 'update' } as const;
      for (let i = 0; i < 10; i++) target.faults.next(update, { kind: 'status', status: 409 }, 1);
      await waitFor(() => target.faults.left === 0, { timeoutMs: 20_000, description: 'the storm to go by' });
      await group.leader();
      expect(leader.app.logs.filter(({ level }) => level === 'fatal')).toEqual([]);
    });
  });
}
