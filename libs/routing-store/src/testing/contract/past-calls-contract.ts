import { setMerchantConfig } from '../configuration';
import { PAST_CALL_MS } from '../../domain/past-calls';
import type { CreateHarness } from '../store-harness';
import { StoreUnderTest, TEST_TIMINGS } from '../store-harness';

export function pastCallsContract(create: CreateHarness): void {
  describe('a call that is over', () => {
    let t: StoreUnderTest;
    beforeEach(async () => {
      t = await StoreUnderTest.open(create);
      await t.register('pod-g', 'gold');
      await t.register('pod-b', 'basic');
    });
    afterEach(() => t.close());

    const reasonOf = async (callSid: string) => {
      const found = await t.store.reader.findCall(callSid);
      return found?.kind === 'ended' ? found.call.reason : found?.kind;
    };

    it('is found with its pod and its times after a release, and is no live call', async () => {
      await t.allocate('call-1', ['nowhere', 'basic'], { merchantId: 'acme', provider: 'twilio' });
      expect(await t.store.reader.findCall('call-1')).toMatchObject({ kind: 'live', call: { podName: 'pod-b' } });
      await t.store.calls.release('call-1');
      const nowS = Math.floor(Date.now() / 1000);
      const found = await t.store.reader.findCall('call-1');
      expect(found).toEqual({
        kind: 'ended',
        call: {
          callSid: 'call-1',
          podName: 'pod-b',
          pool: 'basic',
          merchantId: 'acme',
          provider: 'twilio',
          allocatedAt: expect.any(Number),
          endedAt: expect.any(Number),
          reason: 'released',
          attempts: [
            { pool: 'nowhere', outcome: 'unknown_pool' },
            { pool: 'basic', outcome: 'granted' },
          ],
        },
      });
      const { allocatedAt, endedAt } = (found as { call: { allocatedAt: number; endedAt: number } }).call;
      expect(endedAt).toBeGreaterThanOrEqual(allocatedAt);
      expect(Math.abs(endedAt - nowS)).toBeLessThan(60);
      expect(await t.store.reader.call('call-1')).toBeNull();
      expect((await t.store.reader.calls({ limit: 10 })).items).toEqual([]);
    });

    it.each<[string, string, () => Promise<unknown>]>([
      ['released', 'a release', () => t.store.calls.release('call-1')],
      [
        'provider_ended',
        'a report of the provider',
        () => t.store.calls.endCall({ callSid: 'call-1', owners: ['api'] }),
      ],
      ['pod_removed', 'the removal of the pod', () => t.store.pods.removePod(t.epoch, 'pod-b')],
      ['pod_restarted', 'a new incarnation', () => t.register('pod-b', 'basic', { incarnation: 'second' })],
      [
        'not_answered',
        'an abandoned request',
        () => t.store.recovery.abandonGrant({ callSid: 'call-1', request: 'r-1' }),
      ],
      [
        'released',
        'a replayed release',
        () => t.store.recovery.reassertRelease({ callSid: 'call-1', upToNumber: Number.MAX_SAFE_INTEGER }),
      ],
      [
        'provider_ended',
        'a replayed report',
        () => t.store.recovery.reassertEnd({ callSid: 'call-1', upToNumber: Number.MAX_SAFE_INTEGER, owners: ['api'] }),
      ],
      [
        'lease_expired',
        'the sweep',
        async () => {
          await t.advance(TEST_TIMINGS.leaseMs + 5_000);
          await t.store.pods.expireLeases(t.epoch, 10);
        },
      ],
    ])('is found as %s after %s', async (reason, _name, end) => {
      await t.allocate('call-1', ['basic'], { request: 'r-1' });
      await t.allocate('call-2', ['basic'], { request: 'r-2' });
      await end();
      expect(await t.store.reader.findCall('call-1')).toMatchObject({
        kind: 'ended',
        call: { reason, podName: 'pod-b' },
      });
    });

    it('is found as superseded where a later grant of the call was lost, and its pod is taken', async () => {
      await t.granted('call-1', ['basic']);
      const { number, allocatedAt } = await t.granted('call-2', ['gold']);
      const grant = { podName: 'pod-g', pool: 'gold', allocatedAt, number: number + 1 };
      const outcome = await t.store.recovery.reassertCall({ callSid: 'call-1', grant, merchantId: '' });
      expect(outcome).toEqual({ kind: 'conflict', calls: ['call-2'] });
      expect(await reasonOf('call-1')).toBe('superseded');
    });

    it('keeps how it ended when its end is reported again, and when it was never known', async () => {
      await t.granted('call-1', ['basic']);
      await t.store.calls.release('call-1');
      await t.store.calls.endCall({ callSid: 'call-1', owners: ['api'] });
      expect(await reasonOf('call-1')).toBe('released');
      await t.store.calls.endCall({ callSid: 'unknown', owners: ['api'] });
      expect(await t.store.reader.findCall('unknown')).toBeNull();
    });

    it('is forgotten after a while', async () => {
      await t.granted('call-1', ['basic']);
      await t.store.calls.release('call-1');
      await t.advance(PAST_CALL_MS - 20_000);
      expect(await reasonOf('call-1')).toBe('released');
      await t.advance(25_000);
      expect(await t.store.reader.findCall('call-1')).toBeNull();
    });

    it('is live again when it is allocated again', async () => {
      await t.granted('call-1', ['basic']);
      await t.store.calls.release('call-1');
      await t.granted('call-1', ['gold']);
      expect(await t.store.reader.findCall('call-1')).toMatchObject({ kind: 'live', call: { podName: 'pod-g' } });
    });
  });

  describe('a call that was refused', () => {
    let t: StoreUnderTest;
    beforeEach(async () => {
      t = await StoreUnderTest.open(create);
    });
    afterEach(() => t.close());

    const refuse = (callSid: string, chain: readonly string[]) =>
      t.allocate(callSid, chain, { merchantId: 'acme', provider: 'plivo' });

    it('is found with its chain, for a while', async () => {
      await refuse('call-1', ['gold', 'nowhere']);
      const found = await t.store.reader.findCall('call-1');
      expect(found).toEqual({
        kind: 'refused',
        call: {
          callSid: 'call-1',
          merchantId: 'acme',
          provider: 'plivo',
          refusedAt: expect.any(Number),
          attempts: [
            { pool: 'gold', outcome: 'no_pods' },
            { pool: 'nowhere', outcome: 'unknown_pool' },
          ],
        },
      });
      await t.advance(PAST_CALL_MS + 5_000);
      expect(await t.store.reader.findCall('call-1')).toBeNull();
    });

    it('is live when it gets a pod afterwards, and has ended after that', async () => {
      await refuse('call-1', ['gold']);
      await t.register('pod-g', 'gold');
      await t.granted('call-1', ['gold']);
      expect(await t.store.reader.findCall('call-1')).toMatchObject({ kind: 'live' });
      await t.store.calls.release('call-1');
      expect(await t.store.reader.findCall('call-1')).toMatchObject({ kind: 'ended' });
    });

    it('does not stay remembered as one that ended before', async () => {
      await t.register('pod-g', 'gold');
      await t.granted('call-1', ['gold']);
      await t.store.calls.release('call-1');
      await refuse('call-1', ['nowhere']);
      expect(await t.store.reader.findCall('call-1')).toMatchObject({ kind: 'refused' });
    });

    it('is not remembered where its chain was made from an outdated merchant config', async () => {
      await setMerchantConfig(t.store, 'acme', '{}');
      await refuse('call-1', ['gold']);
      expect(await t.store.reader.findCall('call-1')).toBeNull();
    });
  });

  describe('why a pool gives no pod', () => {
    let t: StoreUnderTest;
    beforeEach(async () => {
      t = await StoreUnderTest.open(create);
    });
    afterEach(() => t.close());

    /** The outcome of one more call in this pool. */
    async function outcomeIn(pool: string): Promise<string | undefined> {
      const outcome = await t.allocate('one-more', [pool]);
      if (outcome.kind !== 'no-capacity') throw new Error(`it was ${outcome.kind}`);
      return outcome.attempts[0]?.outcome;
    }

    it('is unknown_pool where nobody configured it, and no_pods where it is empty', async () => {
      expect([await outcomeIn('nowhere'), await outcomeIn('gold')]).toEqual(['unknown_pool', 'no_pods']);
    });

    it.each(['gold', 'basic'])(
      'is full where all pods of %s are, drained or not ready ones beside them',
      async (pool) => {
        const max = pool === 'gold' ? 1 : 2;
        for (const name of ['pod-1', 'pod-2']) await t.register(name, pool);
        for (let i = 0; i < 2 * max; i++) await t.granted(`call-${i}`, [pool]);
        expect(await outcomeIn(pool)).toBe('full');
        await t.register('pod-3', pool, { ready: false });
        expect(await outcomeIn(pool)).toBe('full');
        await t.store.drains.drain('pod-1');
        expect(await outcomeIn(pool)).toBe('full');
      },
    );

    it.each(['gold', 'basic'])('is draining where all pods of %s drain, busy or not', async (pool) => {
      for (const name of ['pod-1', 'pod-2']) await t.register(name, pool);
      await t.granted('call-1', [pool]);
      for (const name of ['pod-1', 'pod-2']) await t.store.drains.drain(name);
      expect(await outcomeIn(pool)).toBe('draining');
    });

    it.each(['gold', 'basic'])('is not_ready where the pods of %s that do not drain are not', async (pool) => {
      for (const name of ['pod-1', 'pod-2']) await t.register(name, pool, { ready: false });
      expect(await outcomeIn(pool)).toBe('not_ready');
      await t.store.drains.drain('pod-1');
      expect(await outcomeIn(pool)).toBe('not_ready');
    });

    it('is not_ready where the pods of a shared pool became so while they had calls', async () => {
      await t.register('pod-1', 'basic');
      await t.granted('call-1', ['basic']);
      await t.register('pod-1', 'basic', { ready: false });
      expect(await outcomeIn('basic')).toBe('not_ready');
    });

    it('is unknown where the busy pods of an exclusive pool may be those that drain', async () => {
      await t.register('pod-1', 'gold');
      await t.granted('call-1', ['gold']);
      await t.store.drains.drain('pod-1');
      await t.register('pod-2', 'gold', { ready: false });
      expect(await outcomeIn('gold')).toBe('unknown');
    });

    it('is full where a pool became exclusive while its pods had calls', async () => {
      await t.register('pod-1', 'basic');
      await t.granted('call-1', ['basic']);
      await t.store.pods.configurePool(t.epoch, 'basic', { type: 'exclusive', maxConcurrent: 1 });
      expect(await outcomeIn('basic')).toBe('full');
    });
  });
}
