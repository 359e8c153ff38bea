import type { ReassertCallCommand } from '../../domain/grant-recovery';
import type { CreateHarness } from '../store-harness';
import { StoreUnderTest } from '../store-harness';

export function reassertContract(create: CreateHarness): void {
  describe('the re-assertion of what was acknowledged', () => {
    let t: StoreUnderTest;
    beforeEach(async () => {
      t = await StoreUnderTest.open(create);
      await t.register('pod-g', 'gold');
      await t.register('pod-b', 'basic');
    });
    afterEach(() => t.close());

    /** A grant that this store does not know, as after a failover. */
    const lost = (callSid: string, podName: string, pool: string, number = 1_000): ReassertCallCommand => ({
      callSid,
      grant: { podName, pool, allocatedAt: Math.floor(Date.now() / 1_000), number },
      merchantId: 'acme',
      provider: 'twilio',
    });

    it('keeps a grant that is there', async () => {
      const grant = await t.granted('call-1', ['gold']);
      expect(await t.store.recovery.reassertCall({ callSid: 'call-1', grant, merchantId: '' })).toEqual({
        kind: 'kept',
      });
      expect(await t.stats('gold')).toMatchObject({ available: 0, activeCalls: 1 });
    });

    it('restores a grant that is not there, once', async () => {
      const command = lost('call-1', 'pod-g', 'gold');
      expect(await t.store.recovery.reassertCall(command)).toEqual({ kind: 'restored', pool: 'gold' });
      expect(await t.store.recovery.reassertCall(command)).toEqual({ kind: 'kept' });
      expect(await t.store.reader.pod('pod-g')).toMatchObject({ calls: ['call-1'], leaseCallSid: 'call-1' });
      const { callSid, grant, merchantId, provider } = command;
      expect(await t.store.reader.call('call-1')).toMatchObject({
        ...{ callSid, merchantId, provider, podName: 'pod-g', pool: 'gold', allocatedAt: grant.allocatedAt },
      });
      expect(await t.allocate('call-1', ['basic'])).toEqual({ kind: 'existing', grant, provider });
      expect(await t.stats('gold')).toMatchObject({ available: 0, activeCalls: 1 });
    });

    it('restores on a draining pod and on one that is not ready, and offers neither', async () => {
      await t.store.drains.drain('pod-g');
      await t.register('pod-b', 'basic', { ready: false });
      expect(await t.store.recovery.reassertCall(lost('call-1', 'pod-g', 'gold'))).toMatchObject({ kind: 'restored' });
      expect(await t.store.recovery.reassertCall(lost('call-2', 'pod-b', 'basic'))).toMatchObject({ kind: 'restored' });
      expect(await t.allocate('call-3', ['gold', 'basic'])).toMatchObject({ kind: 'no-capacity' });
    });

    it('reports the pool where the pod is now', async () => {
      expect(await t.store.recovery.reassertCall(lost('call-1', 'pod-b', 'gold'))).toEqual({
        kind: 'restored',
        pool: 'basic',
      });
      expect(await t.stats('basic')).toMatchObject({ activeCalls: 1, available: 1 });
    });

    it('forces nothing on a pod that is full with others', async () => {
      await t.granted('newer', ['gold']);
      const conflict = { kind: 'conflict', calls: ['newer'] };
      expect(await t.store.recovery.reassertCall(lost('older', 'pod-g', 'gold'))).toEqual(conflict);
      expect(await t.store.reader.call('older')).toBeNull();
      expect(await t.store.reader.pod('pod-g')).toMatchObject({ calls: ['newer'] });
    });

    it('fills a shared pod up to its limit', async () => {
      await t.granted('newer', ['basic']);
      expect(await t.store.recovery.reassertCall(lost('call-1', 'pod-b', 'basic'))).toMatchObject({ kind: 'restored' });
      expect(await t.store.recovery.reassertCall(lost('call-2', 'pod-b', 'basic'))).toMatchObject({ kind: 'conflict' });
      expect(await t.stats('basic')).toMatchObject({ activeCalls: 2, available: 0 });
    });

    it('orders calls by their grants, and those of one number by their names', async () => {
      // A store that has lost its counter may have given a number twice before the first one was replayed.
      for (const [callSid, number] of [['call-3', 7] as const, ['call-2', 7] as const]) {
        await t.store.recovery.reassertCall(lost(callSid, 'pod-b', 'basic', number));
      }
      expect(await t.store.reader.pod('pod-b')).toMatchObject({ calls: ['call-2', 'call-3'] });
    });

    it('leaves a call alone that was given another pod since', async () => {
      await t.granted('call-1', ['basic']);
      const superseded = { kind: 'superseded', podName: 'pod-b' };
      expect(await t.store.recovery.reassertCall(lost('call-1', 'pod-g', 'gold'))).toEqual(superseded);
      expect(await t.store.recovery.reassertCall(lost('call-1', 'pod-b', 'basic'))).toEqual(superseded);
      expect(await t.stats('gold')).toMatchObject({ available: 1, activeCalls: 0 });
    });

    it('knows no pod that is not registered', async () => {
      expect(await t.store.recovery.reassertCall(lost('call-1', 'pod-x', 'gold'))).toEqual({ kind: 'unknown-pod' });
    });

    it.each([
      ['release', () => t.store.calls.release('call-1')],
      ['status callback', () => t.store.calls.endCall({ callSid: 'call-1', owners: ['api'] })],
      ['removal of the pod', () => t.store.pods.removePod(t.epoch, 'pod-g')],
      ['restart of the pod', () => t.register('pod-g', 'gold', { incarnation: 'second' })],
    ])('brings no call back that ended by a %s', async (_name, end) => {
      const grant = await t.granted('call-1', ['gold']);
      await end();
      expect(await t.store.recovery.reassertCall({ callSid: 'call-1', grant, merchantId: '' })).toEqual({
        kind: 'ended',
      });
    });

    it('brings no call back whose lease ran out', async () => {
      const grant = await t.granted('call-1', ['gold']);
      await t.advance(105_000);
      await t.store.pods.expireLeases(t.epoch, 10);
      expect(await t.store.recovery.reassertCall({ callSid: 'call-1', grant, merchantId: '' })).toEqual({
        kind: 'ended',
      });
    });

    it('keeps a call whose lease ran out, before anybody noticed', async () => {
      const grant = await t.granted('call-1', ['gold']);
      await t.advance(105_000);
      expect(await t.store.recovery.reassertCall({ callSid: 'call-1', grant, merchantId: '' })).toEqual({
        kind: 'kept',
      });
    });

    it('brings no call back whose lease ran out while its pod has another', async () => {
      const grant = await t.granted('call-1', ['basic']);
      await t.advance(70_000);
      await t.granted('call-2', ['basic']);
      await t.advance(35_000);
      await t.store.pods.expireLeases(t.epoch, 10);
      expect(await t.store.recovery.reassertCall({ callSid: 'call-1', grant, merchantId: '' })).toEqual({
        kind: 'ended',
      });
      expect(await t.store.reader.call('call-1')).toBeNull();
    });

    it('keeps the grants of one call apart', async () => {
      const first = await t.granted('call-1', ['gold']);
      await t.store.calls.release('call-1');
      const second = await t.granted('call-1', ['gold']);
      expect(second.number).not.toBe(first.number);
      await t.store.recovery.reassertRelease({ callSid: 'call-1', upToNumber: first.number });
      expect(await t.store.recovery.reassertCall({ callSid: 'call-1', grant: second, merchantId: '' })).toEqual({
        kind: 'kept',
      });
      const older = { kind: 'ended' };
      expect(await t.store.recovery.reassertCall({ callSid: 'call-1', grant: first, merchantId: '' })).toEqual(older);
    });

    it('names the grant that a release has ended', async () => {
      const { number } = await t.granted('call-1', ['gold']);
      expect(await t.store.calls.release('call-1')).toMatchObject({ kind: 'released', grantNumber: number });
    });

    it('ends a call whose release was lost', async () => {
      const { number } = await t.granted('call-1', ['gold']);
      const command = { callSid: 'call-1', upToNumber: number };
      expect(await t.store.recovery.reassertRelease(command)).toEqual({ kind: 'released' });
      expect(await t.store.recovery.reassertRelease(command)).toEqual({ kind: 'noted' });
      expect(await t.stats('gold')).toMatchObject({ available: 1, activeCalls: 0 });
    });

    it('remembers the release of a grant that is still to be replayed', async () => {
      const command = lost('call-1', 'pod-g', 'gold');
      const release = { callSid: 'call-1', upToNumber: command.grant.number };
      expect(await t.store.recovery.reassertRelease(release)).toEqual({ kind: 'noted' });
      expect(await t.store.recovery.reassertCall(command)).toEqual({ kind: 'ended' });
      expect(await t.stats('gold')).toMatchObject({ available: 1, activeCalls: 0 });
    });

    it('gives no number twice after a higher one was replayed', async () => {
      await t.store.recovery.reassertCall(lost('call-1', 'pod-g', 'gold', 1_000));
      expect((await t.granted('call-2', ['basic'])).number).toBeGreaterThan(1_000);
    });
  });
}
