import { withOperations } from '@smart-router/routing-store/testing';
import { ManualClock, settled } from '@smart-router/scheduling/testing';
import { ElectionFixture, TIMINGS } from '../testing/election-fixture';
import { TermEndedError } from './leader-term';

const { leaseDurationMs, renewDeadlineMs, retryPeriodMs } = TIMINGS;

describe('LeaderElector', () => {
  let t: ElectionFixture;
  beforeEach(() => {
    t = new ElectionFixture();
  });

  describe('when the process was paused', () => {
    it.each([renewDeadlineMs, leaseDurationMs, 3_600_000])(
      'ends its term when it continues after %d ms',
      async (pauseMs) => {
        const clock = new ManualClock();
        const a = await t.leader('a', { clock });
        clock.jump(pauseMs);
        expect(() => a.term?.assertCurrent()).toThrow(TermEndedError);
        expect(a.leads).toBe(false);
      },
    );

    it('ends its term by itself without being asked', async () => {
      const clock = new ManualClock();
      const a = await t.leader('a', { clock });
      clock.jump(renewDeadlineMs);
      await clock.advance(0);
      expect(a.events).toContain('ended renew-deadline');
    });

    it('does not continue by a renewal whose answer comes too late', async () => {
      const clock = new ManualClock();
      const a = await t.leader('a', { clock });
      a.records.hang('update', 1);
      await clock.advance(retryPeriodMs);
      clock.jump(renewDeadlineMs);
      a.records.proceed();
      await settled();
      expect(a.events).toContain('ended renew-deadline');
    });

    it('changes nothing when it writes late, and follows', async () => {
      const clock = new ManualClock();
      const a = await t.leader('a', { clock });
      const late = a.term;
      const b = await t.leader('b');
      await t.clock.advance(leaseDurationMs + retryPeriodMs);
      clock.jump(leaseDurationMs + retryPeriodMs);
      expect(b.leads).toBe(true);
      expect(await a.write(late)).toBe(false);
      for (let second = 0; second < 60; second++) await Promise.all([clock.advance(1_000), t.clock.advance(1_000)]);
      expect(a.terms).toHaveLength(1);
      expect(b.leads).toBe(true);
      expect(await t.announced()).toMatchObject({ identity: 'b', epoch: 2 });
    });
  });

  describe('when it is paused between its steps to a term', () => {
    const takeOver = async (): Promise<void> => {
      const b = t.contender('b').start();
      await t.clock.advance(leaseDurationMs + 2 * retryPeriodMs);
      expect(b.leads).toBe(true);
      expect(await b.write()).toBe(true);
    };

    it('is refused where another one has led since it has read the lease again', async () => {
      // (a) of the protocol: A has its epoch and has confirmed the lease, and sleeps before its first write.
      const clock = new ManualClock();
      const announceLeader = (): Promise<never> => new Promise(() => undefined);
      const a = await t.leader('a', { clock, store: withOperations(t.store, { announceLeader }) });
      const { term } = a;
      expect(term?.epoch).toBe(1);
      await takeOver();
      expect(await a.write(term)).toBe(false);
      clock.jump(leaseDurationMs);
      expect(() => term?.assertCurrent()).toThrow(TermEndedError);
    });

    it('does not begin where another one has led before it drew its epoch', async () => {
      // (b) of the protocol: A has won the lease, and sleeps before it draws its epoch.
      let draw = (): void => undefined;
      const awake = new Promise<void>((resolve) => (draw = resolve));
      const claimEpoch = (): Promise<number> => awake.then(() => t.store.leadership.claimEpoch());
      const clock = new ManualClock();
      const a = await t.leader('a', { clock, store: withOperations(t.store, { claimEpoch }) });
      await takeOver();
      draw();
      await settled();
      expect(await t.store.leadership.claimEpoch()).toBe(3);
      expect(a.terms).toEqual([]);
      expect(await t.announced()).toMatchObject({ identity: 'b', epoch: 1 });
    });

    it('does not begin where reading the lease again takes longer than it may lead', async () => {
      const clock = new ManualClock();
      const a = t.contender('a', { clock });
      a.records.hang('read', 2);
      a.start();
      await settled();
      a.records.proceed();
      await settled();
      clock.jump(renewDeadlineMs);
      a.records.proceed();
      await settled();
      expect(a.terms).toEqual([]);
    });
  });
});
