import type { CreateHarness } from '../store-harness';
import { StoreUnderTest, TEST_TIMINGS } from '../store-harness';

export function releaseContract(create: CreateHarness): void {
  describe('the end of a call', () => {
    let t: StoreUnderTest;
    beforeEach(async () => {
      t = await StoreUnderTest.open(create);
      await t.register('pod-g', 'gold');
      await t.register('pod-b', 'basic');
    });
    afterEach(() => t.close());

    it('offers an exclusive pod again after release', async () => {
      await t.granted('call-1', ['gold']);
      const outcome = await t.store.release('call-1');
      expect(outcome).toMatchObject({ kind: 'released', podName: 'pod-g', pool: 'gold', wasDraining: false });
      expect(await t.stats('gold')).toMatchObject({ available: 1, activeCalls: 0 });
      expect(await t.store.call('call-1')).toBeNull();
      expect(await t.store.pod('pod-g')).toMatchObject({ status: 'available', leaseCallSid: null, calls: [] });
    });

    it('changes nothing on a second release', async () => {
      await t.granted('call-1', ['basic']);
      await t.granted('call-2', ['basic']);
      await t.store.release('call-1');
      expect(await t.store.release('call-1')).toEqual({ kind: 'unknown-call' });
      expect(await t.store.pod('pod-b')).toMatchObject({ calls: ['call-2'] });
    });

    it('lets one of many releases at the same time win', async () => {
      await t.granted('call-1', ['basic']);
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => t.store.release('call-1')));
      expect(outcomes.filter((outcome) => outcome.kind === 'released')).toHaveLength(1);
      expect(await t.stats('basic')).toMatchObject({ available: 1, activeCalls: 0 });
    });

    it('knows no call that was never allocated', async () => {
      expect(await t.store.release('stranger')).toEqual({ kind: 'unknown-call' });
      expect(await t.store.heartbeat('stranger')).toEqual({ kind: 'unknown-call' });
    });

    it('returns the pod to the pool where it belongs now', async () => {
      await t.granted('call-1', ['gold']);
      await t.store.movePod(t.epoch, 'pod-g', 'basic', { onlyIdle: false });
      expect(await t.store.release('call-1')).toMatchObject({ kind: 'released', pool: 'basic' });
      expect(await t.stats('gold')).toEqual({ assigned: 0, available: 0, activeCalls: 0, draining: 0 });
      expect(await t.stats('basic')).toMatchObject({ assigned: 2, available: 2, activeCalls: 0 });
    });

    it('passes the lease on to the latest of the other calls of a shared pod', async () => {
      await t.granted('call-1', ['basic']);
      await t.granted('call-2', ['basic']);
      expect(await t.store.pod('pod-b')).toMatchObject({ leaseCallSid: 'call-2', calls: ['call-1', 'call-2'] });
      await t.store.release('call-2');
      expect(await t.store.pod('pod-b')).toMatchObject({ leaseCallSid: 'call-1', status: 'allocated' });
    });

    it('gives no pod to a call that a status callback has ended, for a while', async () => {
      await t.granted('call-1', ['gold']);
      expect(await t.store.endCall('call-1')).toMatchObject({ kind: 'released', podName: 'pod-g' });
      expect(await t.allocate('call-1', ['gold'])).toEqual({ kind: 'call-ended' });
      await t.advance(TEST_TIMINGS.endedCallMs + 5_000);
      expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'allocated' });
    });

    it('remembers the end of a call whose allocate request is still to come', async () => {
      expect(await t.store.endCall('early')).toEqual({ kind: 'unknown-call' });
      expect(await t.allocate('early', ['gold'])).toEqual({ kind: 'call-ended' });
    });

    it('allows a new allocation right after a plain release', async () => {
      await t.granted('call-1', ['gold']);
      await t.store.release('call-1');
      expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'allocated' });
    });
  });

  describe('leases', () => {
    let t: StoreUnderTest;
    beforeEach(async () => {
      t = await StoreUnderTest.open(create);
      await t.register('pod-b', 'basic');
    });
    afterEach(() => t.close());

    it('keeps a call beyond its lease time by heartbeats', async () => {
      await t.granted('call-1', ['basic']);
      await t.advance(70_000);
      expect(await t.store.heartbeat('call-1')).toMatchObject({ kind: 'renewed', podName: 'pod-b' });
      await t.advance(70_000);
      expect((await t.store.expireLeases(t.epoch, 10)).endedCalls).toEqual([]);
      expect(await t.store.pod('pod-b')).toMatchObject({ leaseCallSid: 'call-1', calls: ['call-1'] });
    });

    it('does not revive a call whose lease ran out', async () => {
      await t.granted('call-1', ['basic']);
      await t.advance(TEST_TIMINGS.leaseMs + 5_000);
      expect(await t.store.heartbeat('call-1')).toEqual({ kind: 'unknown-call' });
      expect(await t.store.release('call-1')).toEqual({ kind: 'unknown-call' });
    });

    it('ends exactly the calls whose lease ran out', async () => {
      await t.granted('old', ['basic']);
      await t.advance(70_000);
      await t.granted('young', ['basic']);
      await t.advance(35_000);
      const outcome = await t.store.expireLeases(t.epoch, 10);
      expect(outcome).toEqual({
        endedCalls: [{ callSid: 'old', podName: 'pod-b' }],
        endedDrains: [],
        more: false,
      });
      expect(await t.store.pod('pod-b')).toMatchObject({ calls: ['young'], leaseCallSid: 'young' });
      expect(await t.stats('basic')).toMatchObject({ activeCalls: 1, available: 1 });
    });

    it('looks at no more leases than it is told, and says that there are more', async () => {
      await t.register('pod-g', 'gold');
      await t.granted('call-1', ['basic']);
      await t.granted('call-2', ['gold']);
      await t.advance(TEST_TIMINGS.leaseMs + 5_000);
      expect(await t.store.expireLeases(t.epoch, 1)).toMatchObject({ more: true, endedCalls: { length: 1 } });
      await t.store.expireLeases(t.epoch, 10);
      expect(await t.store.expireLeases(t.epoch, 10)).toEqual({ endedCalls: [], endedDrains: [], more: false });
    });
  });
}
