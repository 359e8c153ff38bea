import { withOperations } from '@smart-router/routing-store/testing';
import { StaleEpochError, StoreUnavailableError } from '@smart-router/routing-store';
import { settled } from '@smart-router/scheduling/testing';
import { ElectionFixture, TIMINGS } from '../testing/election-fixture';
import { InvalidElectionError } from './election-timings';
import { LeaseOverrunError } from './leader-elector';
import { type LeaseRecord } from './lease-record';

const { leaseDurationMs, renewDeadlineMs, retryPeriodMs } = TIMINGS;

describe('LeaderElector', () => {
  let t: ElectionFixture;
  beforeEach(() => {
    t = new ElectionFixture();
  });

  describe('coming to lead', () => {
    it('begins a term with an epoch of its own, and announces itself', async () => {
      const a = await t.leader('a');
      expect(a.events).toEqual(['holder a-1', 'term 1']);
      expect(await t.announced()).toEqual({ identity: 'a', epoch: 1, since: 0 });
      expect(t.lease.record?.holderIdentity).toBe('a-1');
    });

    it('says that it waits when another one leads', async () => {
      await t.leader('a');
      const b = await t.leader('b');
      expect(b.leads).toBe(false);
      expect(b.waits).toBe(1);
      expect(b.elector.holder()).toBe('a-1');
    });

    it('draws no epoch when it does not hold the lease', async () => {
      await t.leader('a');
      await t.leader('b');
      await t.clock.advance(60_000);
      expect(await t.store.leadership.claimEpoch()).toBe(2);
    });

    it('leaves the lease to others when the store gives it no epoch', async () => {
      const claimEpoch = (): Promise<number> => Promise.reject(new StoreUnavailableError('away'));
      const a = await t.leader('a', { store: withOperations(t.store, { claimEpoch }) });
      expect(a.terms).toEqual([]);
      expect(t.lease.record?.holderIdentity).toBe('');
      expect((await t.leader('b')).leads).toBe(true);
    });

    it('leads not before the store has answered, and not with an answer that took too long', async () => {
      const claimEpoch = (): Promise<number> => new Promise(() => undefined);
      const a = await t.leader('a', { store: withOperations(t.store, { claimEpoch }) });
      await t.clock.advance(renewDeadlineMs / 2);
      expect(a.terms).toEqual([]);
      expect(t.lease.record?.holderIdentity).toBe('');
    });

    it('does not lead when it is stopped meanwhile', async () => {
      const a = t.contender('a');
      a.records.before('create', () => a.stopping.abort());
      await a.start().ended;
      expect(a.terms).toEqual([]);
      expect(t.lease.record?.holderIdentity).toBe('');
    });

    it('refuses timings that cannot be safe', () => {
      const start = (): unknown => t.contender('');
      expect(start).toThrow(InvalidElectionError);
    });
  });

  describe('keeping the lease', () => {
    it('leads one term for hours', async () => {
      const a = await t.leader('a');
      await t.clock.advance(2 * 3_600_000);
      expect(a.events).toEqual(['holder a-1', 'term 1']);
      expect(() => a.term?.assertCurrent()).not.toThrow();
    });

    it('leads on when some renewals fail', async () => {
      const a = await t.leader('a');
      for (let round = 0; round < 20; round++) {
        a.records.cut();
        await t.clock.advance(renewDeadlineMs - 3 * retryPeriodMs);
        a.records.restore();
        await t.clock.advance(2 * retryPeriodMs);
      }
      expect(a.events).toEqual(['holder a-1', 'term 1']);
    });

    it('leads on when every second write meets another one', async () => {
      const a = await t.leader('a');
      for (let round = 0; round < 50; round++) {
        a.records.before('update', () => t.lease.put({ ...(t.lease.record as LeaseRecord) }));
        await t.clock.advance(retryPeriodMs);
      }
      expect(a.events).toEqual(['holder a-1', 'term 1']);
    });

    it('ends the term when the renew deadline is over, before others may lead', async () => {
      const a = await t.leader('a');
      const b = await t.leader('b');
      a.records.cut();
      await t.clock.advance(renewDeadlineMs - 1);
      expect(a.leads).toBe(true);
      await t.clock.advance(1);
      expect(a.leads).toBe(false);
      expect(b.leads).toBe(false);
      expect(a.term?.signal.reason).toMatchObject({ code: 'TERM_ENDED', end: 'renew-deadline' });
      await t.clock.advance(leaseDurationMs);
      expect(b.leads).toBe(true);
    });

    it('ends the term on time when the renewal hangs', async () => {
      const a = await t.leader('a');
      a.records.hang('update');
      a.records.hang('read');
      await t.clock.advance(renewDeadlineMs);
      expect(a.leads).toBe(false);
    });

    it('competes again after it has lost the lease, and leads again with a new epoch', async () => {
      const a = await t.leader('a');
      a.records.cut();
      await t.clock.advance(renewDeadlineMs);
      a.records.restore();
      await t.clock.advance(2 * retryPeriodMs);
      expect(a.events).toEqual(['holder a-1', 'term 1', 'work over 1', 'ended renew-deadline', 'term 2']);
    });

    it.each(['deleted', 'without a holder'])('begins a new term when the lease is %s', async (how) => {
      const a = await t.leader('a');
      if (how === 'deleted') t.lease.delete();
      else t.lease.put({ ...(t.lease.record as LeaseRecord), holderIdentity: '', leaseTransitions: 0 });
      await t.clock.advance(2 * retryPeriodMs);
      expect(a.events).toContain('ended lease-lost');
      expect(a.term?.epoch).toBe(2);
      expect(a.leads).toBe(true);
    });

    it('stops at once when the lease names another one', async () => {
      const a = await t.leader('a');
      t.lease.put({ ...(t.lease.record as LeaseRecord), holderIdentity: 'somebody' });
      await t.clock.advance(retryPeriodMs);
      expect(a.leads).toBe(false);
      expect(t.lease.record?.holderIdentity).toBe('somebody');
    });

    it('leads on, with epochs that still grow, when the transitions in the lease start again', async () => {
      const a = await t.leader('a');
      t.lease.put({ ...(t.lease.record as LeaseRecord), leaseTransitions: 0, renewTime: 'garbage', acquireTime: null });
      await t.clock.advance(2 * retryPeriodMs);
      expect(a.leads).toBe(true);
      await a.stop();
      expect((await t.leader('b')).term?.epoch).toBe(2);
    });
  });

  describe('when the store refuses its epoch', () => {
    it('ends the term, leaves the lease, and competes again after a lease duration', async () => {
      const a = await t.leader('a');
      const epoch = await t.store.leadership.claimEpoch();
      await t.store.leadership.announceLeader(epoch, 'foreign', 1);
      await t.clock.advance(leaseDurationMs / 3);
      expect(a.events).toEqual(['holder a-1', 'term 1', 'work over 1', 'ended stale-epoch']);
      expect(t.lease.record?.holderIdentity).toBe('');
      await t.clock.advance(leaseDurationMs - 1);
      expect(a.terms).toHaveLength(1);
      await t.clock.advance(1);
      expect(a.term?.epoch).toBe(3);
      expect(a.leads).toBe(true);
    });

    it('ends the term when its work met the refusal', async () => {
      const a = await t.leader('a');
      a.term?.end(new StaleEpochError(1));
      await settled();
      expect(a.events).toContain('ended stale-epoch');
    });
  });

  describe('handing over', () => {
    it('frees lease and announcement when it is stopped, and ends', async () => {
      const a = await t.leader('a');
      await a.stop();
      expect(a.events.slice(-2)).toEqual(['work over 1', 'ended stopped']);
      expect(t.lease.record?.holderIdentity).toBe('');
      expect(await t.announced()).toBeNull();
      expect(t.clock.sleeping).toBe(0);
    });

    it('is followed at once, without a wait, by one that competes', async () => {
      const a = await t.leader('a');
      const b = await t.leader('b');
      await a.stop();
      await settled();
      expect(b.leads).toBe(true);
      expect(b.term?.epoch).toBe(2);
    });

    it('is noticed within two waits when the word of it is lost', async () => {
      const a = await t.leader('a');
      const b = await t.leader('b', { store: withOperations(t.store, { subscribe: () => () => undefined }) });
      await a.stop();
      await t.clock.advance(2 * retryPeriodMs);
      expect(b.leads).toBe(true);
    });

    it('waits until the work of the term has ended', async () => {
      const a = await t.leader('a');
      a.isBusy = true;
      const stop = a.stop();
      await settled();
      expect(t.lease.record?.holderIdentity).toBe('a-1');
      expect(await t.announced()).not.toBeNull();
      a.finishWork();
      await stop;
      expect(t.lease.record?.holderIdentity).toBe('');
    });

    it('competes again after a lease duration when the work ends by itself', async () => {
      const a = await t.leader('a');
      a.finishWork();
      await settled();
      expect(a.events).toContain('ended work-ended');
      await t.clock.advance(leaseDurationMs);
      expect(a.term?.epoch).toBe(2);
    });

    it('ends when neither lease nor store can be reached', async () => {
      const down = (): Promise<never> => Promise.reject(new StoreUnavailableError('away'));
      const store = withOperations(t.store, { resignLeader: down, publish: down });
      const a = await t.leader('a', { store });
      a.records.cut();
      const stop = a.stop();
      await t.clock.advance(renewDeadlineMs);
      await stop;
      expect(t.logger.messages('warn')).toContain('releasing the lease failed, it runs out by itself');
    });

    it('ends at once when it waits', async () => {
      await t.leader('a');
      const b = await t.leader('b');
      await b.stop();
      expect(t.lease.record?.holderIdentity).toBe('a-1');
    });
  });

  describe('its health', () => {
    it('is good while it leads and while it waits', async () => {
      const a = await t.leader('a');
      const b = await t.leader('b');
      await t.clock.advance(60_000);
      expect(() => a.elector.check()).not.toThrow();
      expect(() => b.elector.check()).not.toThrow();
    });

    it('is bad when work continues though the lease ran out', async () => {
      const a = await t.leader('a');
      a.isBusy = true;
      a.records.cut();
      await t.clock.advance(leaseDurationMs + retryPeriodMs);
      expect(() => a.elector.check()).not.toThrow();
      await t.clock.advance(1);
      expect(() => a.elector.check()).toThrow(LeaseOverrunError);
      a.finishWork();
      await settled();
      expect(() => a.elector.check()).not.toThrow();
    });
  });

  it('logs once that the lease cannot be reached, and once that it can again', async () => {
    const a = await t.leader('a');
    a.records.cut();
    await t.clock.advance(10 * 60_000);
    a.records.restore();
    await t.clock.advance(60_000);
    const about = t.logger.lines.map(({ message }) => message).filter((message) => message.includes('reached'));
    expect(about).toEqual(['the lease cannot be reached, it will be tried again', 'the lease can be reached again']);
  });
});
