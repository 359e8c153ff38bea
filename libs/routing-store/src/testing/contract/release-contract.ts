import type { CreateHarness } from '../store-harness';
import { DEFAULT_EXPIRY_POLICY, type ExpiryPolicy, MASS_EXPIRY } from '../../domain/pods';
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
      const outcome = await t.store.calls.release('call-1');
      expect(outcome).toMatchObject({ kind: 'released', podName: 'pod-g', pool: 'gold', wasDraining: false });
      expect(await t.stats('gold')).toMatchObject({ available: 1, activeCalls: 0 });
      expect(await t.store.reader.call('call-1')).toBeNull();
      expect(await t.store.reader.pod('pod-g')).toMatchObject({ status: 'available', leaseCallSid: null, calls: [] });
    });

    it('changes nothing on a second release', async () => {
      await t.granted('call-1', ['basic']);
      await t.granted('call-2', ['basic']);
      await t.store.calls.release('call-1');
      expect(await t.store.calls.release('call-1')).toMatchObject({ kind: 'unknown-call' });
      expect(await t.store.reader.pod('pod-b')).toMatchObject({ calls: ['call-2'] });
    });

    it('lets one of many releases at the same time win', async () => {
      await t.granted('call-1', ['basic']);
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => t.store.calls.release('call-1')));
      expect(outcomes.filter((outcome) => outcome.kind === 'released')).toHaveLength(1);
      expect(await t.stats('basic')).toMatchObject({ available: 1, activeCalls: 0 });
    });

    it('knows no call that was never allocated', async () => {
      expect(await t.store.calls.release('unknown')).toMatchObject({ kind: 'unknown-call' });
      expect(await t.store.calls.heartbeat('unknown')).toEqual({ kind: 'unknown-call' });
    });

    it('returns the pod to the pool where it belongs now', async () => {
      await t.granted('call-1', ['gold']);
      await t.store.pods.movePod(t.epoch, 'pod-g', 'basic', { onlyIdle: false });
      expect(await t.store.calls.release('call-1')).toMatchObject({ kind: 'released', pool: 'basic' });
      expect(await t.stats('gold')).toEqual({ assigned: 0, available: 0, activeCalls: 0, draining: 0 });
      expect(await t.stats('basic')).toMatchObject({ assigned: 2, available: 2, activeCalls: 0 });
    });

    it('passes the lease on to the latest of the other calls of a shared pod', async () => {
      await t.granted('call-1', ['basic']);
      await t.granted('call-2', ['basic']);
      expect(await t.store.reader.pod('pod-b')).toMatchObject({ leaseCallSid: 'call-2', calls: ['call-1', 'call-2'] });
      await t.store.calls.release('call-2');
      expect(await t.store.reader.pod('pod-b')).toMatchObject({ leaseCallSid: 'call-1', status: 'allocated' });
    });

    it('gives no pod to a call that a status callback has ended, for a while', async () => {
      await t.granted('call-1', ['gold']);
      expect(await t.store.calls.endCall({ callSid: 'call-1', owners: ['api'] })).toMatchObject({
        kind: 'released',
        podName: 'pod-g',
      });
      expect(await t.allocate('call-1', ['gold'])).toEqual({ kind: 'call-ended' });
      await t.advance(TEST_TIMINGS.endedCallMs + 5_000);
      expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'allocated' });
    });

    it('remembers the end of a call whose allocate request is still to come', async () => {
      expect(await t.store.calls.endCall({ callSid: 'early', owners: ['api'] })).toEqual({ kind: 'unknown-call' });
      expect(await t.allocate('early', ['gold'])).toEqual({ kind: 'call-ended' });
    });

    it('allows a new allocation right after a plain release', async () => {
      await t.granted('call-1', ['gold']);
      await t.store.calls.release('call-1');
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
      expect(await t.store.calls.heartbeat('call-1')).toMatchObject({ kind: 'renewed', podName: 'pod-b' });
      await t.advance(70_000);
      expect((await t.store.pods.expireLeases(t.epoch, 10)).endedCalls).toEqual([]);
      expect(await t.store.reader.pod('pod-b')).toMatchObject({ leaseCallSid: 'call-1', calls: ['call-1'] });
    });

    it('does not revive a call that was ended because its lease ran out', async () => {
      await t.granted('call-1', ['basic']);
      await t.advance(TEST_TIMINGS.leaseMs + 5_000);
      await t.store.pods.expireLeases(t.epoch, 10);
      expect(await t.store.calls.heartbeat('call-1')).toEqual({ kind: 'unknown-call' });
      expect(await t.store.calls.release('call-1')).toMatchObject({ kind: 'unknown-call' });
    });

    describe('of a call that ran out and was not ended yet', () => {
      beforeEach(async () => {
        await t.granted('call-1', ['basic']);
        await t.advance(TEST_TIMINGS.leaseMs + 5_000);
      });
      const isKept = async () => {
        expect((await t.store.pods.expireLeases(t.epoch, 10)).endedCalls).toEqual([]);
        expect(await t.store.reader.pod('pod-b')).toMatchObject({ calls: ['call-1'], leaseCallSid: 'call-1' });
        expect(await t.store.reader.call('call-1')).toMatchObject({ podName: 'pod-b' });
      };

      it('are listed as long as they are counted, by all readers', async () => {
        const readers = async () => ({
          call: (await t.store.reader.call('call-1'))?.podName,
          listed: (await t.store.reader.calls({ limit: 10 })).items.map(({ callSid }) => callSid),
          activeCalls: (await t.store.reader.fleetStats()).activeCalls,
          ofPool: (await t.stats('basic')).activeCalls,
          ofPod: (await t.store.reader.pod('pod-b'))?.calls,
        });
        const counted = { call: 'pod-b', listed: ['call-1'], activeCalls: 1, ofPool: 1, ofPod: ['call-1'] };
        expect(await readers()).toEqual(counted);
        await t.store.pods.expireLeases(t.epoch, 10, {
          ...DEFAULT_EXPIRY_POLICY,
          suspectUntilMs: Number.MAX_SAFE_INTEGER,
        });
        expect(await readers()).toEqual(counted);
        await t.store.pods.expireLeases(t.epoch, 10);
        expect(await readers()).toEqual({ call: undefined, listed: [], activeCalls: 0, ofPool: 0, ofPod: [] });
      });

      it('are renewed by a heartbeat', async () => {
        expect(await t.store.calls.heartbeat('call-1')).toMatchObject({ kind: 'renewed', podName: 'pod-b' });
        await isKept();
      });

      it('are renewed by another allocation of the call, which keeps its pod', async () => {
        expect(await t.allocate('call-1', ['basic'])).toMatchObject({ kind: 'existing', grant: { podName: 'pod-b' } });
        await isKept();
      });

      it.each([
        ['a release', () => t.store.calls.release('call-1')],
        ['a status callback', () => t.store.calls.endCall({ callSid: 'call-1', owners: ['api'] })],
      ])('end with %s', async (_name, end) => {
        expect(await end()).toMatchObject({ kind: 'released', podName: 'pod-b' });
        expect(await t.stats('basic')).toMatchObject({ available: 1, activeCalls: 0 });
      });

      it.each([
        ['a repair', () => t.store.pods.repairPod(t.epoch, 'pod-b')],
        ['another call on the pod', () => t.granted('call-2', ['basic'])],
        ['a drain', () => t.store.drains.drain('pod-b')],
        ['the registration of the pod', () => t.register('pod-b', 'basic')],
      ])('are left to the sweep by %s', async (_name, operation) => {
        await operation();
        expect((await t.store.reader.pod('pod-b'))?.calls).toContain('call-1');
        expect((await t.store.pods.expireLeases(t.epoch, 10)).endedCalls).toEqual([
          { callSid: 'call-1', podName: 'pod-b' },
        ]);
      });
    });

    it('ends exactly the calls whose lease ran out', async () => {
      await t.granted('old', ['basic']);
      await t.advance(70_000);
      await t.granted('young', ['basic']);
      await t.advance(35_000);
      const outcome = await t.store.pods.expireLeases(t.epoch, 10);
      expect(outcome).toMatchObject({
        endedCalls: [{ callSid: 'old', podName: 'pod-b' }],
        endedDrains: [],
        more: false,
        heldBack: 0,
      });
      expect(await t.store.reader.pod('pod-b')).toMatchObject({ calls: ['young'], leaseCallSid: 'young' });
      expect(await t.stats('basic')).toMatchObject({ activeCalls: 1, available: 1 });
    });

    it('looks at as many leases as asked for, and says that there are more', async () => {
      await t.register('pod-g', 'gold');
      await t.granted('call-1', ['basic']);
      await t.granted('call-2', ['gold']);
      await t.advance(TEST_TIMINGS.leaseMs + 5_000);
      expect(await t.store.pods.expireLeases(t.epoch, 1)).toMatchObject({ more: true, endedCalls: { length: 1 } });
      await t.store.pods.expireLeases(t.epoch, 10);
      expect(await t.store.pods.expireLeases(t.epoch, 10)).toMatchObject({
        endedCalls: [],
        endedDrains: [],
        more: false,
      });
    });
  });

  describe('leases that run out at once', () => {
    let t: StoreUnderTest;
    beforeEach(async () => {
      t = await StoreUnderTest.open(create);
      await t.store.pods.configurePool(t.epoch, 'basic', { type: 'shared', maxConcurrent: 100 });
      await t.register('pod-b', 'basic');
    });
    afterEach(() => t.close());

    const FEW = MASS_EXPIRY.alwaysBelieved;
    const sweep = (policy: Partial<ExpiryPolicy> = {}) =>
      t.store.pods.expireLeases(t.epoch, 100, { ...DEFAULT_EXPIRY_POLICY, ...policy });
    async function grant(count: number, name: string): Promise<void> {
      for (let i = 0; i < count; i++) await t.granted(`${name}-${i}`, ['basic']);
    }
    const runOut = () => t.advance(TEST_TIMINGS.leaseMs + 5_000);

    it('end their calls where they are few', async () => {
      await grant(FEW, 'call');
      await runOut();
      expect(await sweep()).toMatchObject({ endedCalls: { length: FEW }, heldBack: 0, hasNewSuspects: false });
    });

    it('end no call where they are many', async () => {
      await grant(FEW + 1, 'call');
      await runOut();
      expect(await sweep()).toMatchObject({ endedCalls: [], heldBack: FEW + 1, hasNewSuspects: true, more: false });
      expect(await t.stats('basic')).toMatchObject({ activeCalls: FEW + 1 });
    });

    it('end their calls where they are a small part of all', async () => {
      await grant(FEW + 1, 'old');
      await t.advance(70_000);
      await grant(4 * (FEW + 1), 'young');
      await t.advance(35_000);
      expect(await sweep()).toMatchObject({ endedCalls: { length: FEW + 1 }, heldBack: 0 });
    });

    it('end no call where they are a little more than that', async () => {
      await grant(FEW + 1, 'old');
      await t.advance(70_000);
      await grant(4 * (FEW + 1) - 1, 'young');
      await t.advance(35_000);
      expect(await sweep()).toMatchObject({ endedCalls: [], heldBack: FEW + 1 });
    });

    it('end those calls that are confirmed, and no others', async () => {
      await grant(FEW + 1, 'old');
      await t.advance(35_000);
      await grant(FEW + 1, 'young');
      await t.advance(70_000);
      const { storeTimeMs } = await sweep();
      await t.advance(35_000);
      // The clock of the store under test stands still: the time that it gives is as far back as time has passed since.
      const outcome = await sweep({ suspectUntilMs: storeTimeMs - (await clockLag(storeTimeMs)), isConfirmed: true });
      expect(outcome).toMatchObject({ endedCalls: { length: FEW + 1 }, heldBack: FEW + 1 });
      expect(outcome.endedCalls.map((call) => call.callSid)).toEqual(expect.arrayContaining(['old-0', `old-${FEW}`]));
    });

    /** 35 s where the harness brings ends nearer instead of moving the clock, else nothing. */
    async function clockLag(formerMs: number): Promise<number> {
      return (await sweep()).storeTimeMs - formerMs < 35_000 ? 35_000 : 0;
    }

    it('keep the calls that were renewed since', async () => {
      await grant(FEW + 1, 'call');
      await runOut();
      const { storeTimeMs } = await sweep();
      await t.store.calls.heartbeat('call-0');
      const outcome = await sweep({ suspectUntilMs: storeTimeMs, isConfirmed: true });
      expect(outcome).toMatchObject({ endedCalls: { length: FEW }, heldBack: 0, hasNewSuspects: false });
      expect((await t.store.reader.pod('pod-b'))?.calls).toEqual(['call-0']);
    });

    it('stay suspect when few are left of them', async () => {
      await grant(FEW + 1, 'call');
      await runOut();
      const { storeTimeMs } = await sweep();
      await t.store.calls.heartbeat('call-0');
      const outcome = await sweep({ suspectUntilMs: storeTimeMs });
      expect(outcome).toMatchObject({ endedCalls: [], heldBack: FEW, hasNewSuspects: false });
    });

    it('end no call, be they ever so few, where the clock is ahead of what it can be', async () => {
      await grant(1, 'call');
      await runOut();
      const { storeTimeMs } = await sweep({ suspectUntilMs: Number.MAX_SAFE_INTEGER });
      const outcome = await sweep({ latestStoreTimeMs: storeTimeMs - 60_000 });
      expect(outcome).toMatchObject({ endedCalls: [], heldBack: 1, hasNewSuspects: true });
    });
  });
}
