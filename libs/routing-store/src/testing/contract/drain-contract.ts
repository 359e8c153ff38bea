import type { CreateHarness } from '../store-harness';
import { StoreUnderTest, TEST_TIMINGS } from '../store-harness';

export function drainContract(create: CreateHarness): void {
  describe('drain', () => {
    let t: StoreUnderTest;
    beforeEach(async () => {
      t = await StoreUnderTest.open(create);
      await t.register('pod-g', 'gold');
      await t.register('pod-b', 'basic');
    });
    afterEach(() => t.close());

    it('lets no new call land on the pod, and repeats without harm', async () => {
      expect(await t.store.drain('pod-g')).toEqual({ kind: 'draining', activeCalls: 0 });
      expect(await t.store.drain('pod-g')).toEqual({ kind: 'draining', activeCalls: 0 });
      expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'no-capacity' });
      expect(await t.stats('gold')).toEqual({ assigned: 1, available: 0, activeCalls: 0, draining: 1 });
      expect(await t.store.pod('pod-g')).toMatchObject({ isDraining: true, status: 'draining' });
    });

    it('leaves live calls alone, and keeps the pod back when they end', async () => {
      await t.granted('call-1', ['gold']);
      expect(await t.store.drain('pod-g')).toEqual({ kind: 'draining', activeCalls: 1 });
      expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'existing' });
      expect(await t.store.release('call-1')).toMatchObject({ kind: 'released', wasDraining: true });
      expect(await t.allocate('call-2', ['gold'])).toMatchObject({ kind: 'no-capacity' });
    });

    it('gives a shared pod back with its true load on undrain', async () => {
      await t.granted('call-1', ['basic']);
      await t.store.drain('pod-b');
      expect(await t.store.undrain('pod-b')).toEqual({ kind: 'undrained', activeCalls: 1 });
      await t.granted('call-2', ['basic']);
      expect(await t.allocate('call-3', ['basic'])).toMatchObject({ kind: 'no-capacity' });
    });

    it('gives a pod back with its true load when the drain runs out', async () => {
      await t.granted('call-1', ['basic']);
      await t.store.drain('pod-b');
      await t.advance(TEST_TIMINGS.drainMs + 5_000);
      expect(await t.store.expireLeases(t.epoch, 10)).toMatchObject({ endedDrains: ['pod-b'] });
      await t.granted('call-2', ['basic']);
      expect(await t.allocate('call-3', ['basic'])).toMatchObject({ kind: 'no-capacity' });
      expect(await t.stats('basic')).toMatchObject({ draining: 0 });
    });

    it('lasts a full time from the latest drain on', async () => {
      await t.store.drain('pod-g');
      await t.advance(35_000);
      await t.store.drain('pod-g');
      await t.advance(35_000);
      expect(await t.store.expireLeases(t.epoch, 10)).toMatchObject({ endedDrains: [] });
      expect(await t.store.pod('pod-g')).toMatchObject({ isDraining: true });
    });

    it('takes no drain back of a pod that terminates, and tells so', async () => {
      await t.store.drain('pod-g');
      await t.register('pod-g', 'gold', { ready: false, terminating: true });
      expect(await t.store.undrain('pod-g')).toEqual({ kind: 'terminating' });
      expect(await t.store.pod('pod-g')).toMatchObject({ isDraining: true, terminating: true });
      expect(await t.stats('gold')).toMatchObject({ draining: 1, available: 0 });
    });

    it('takes the drain back of a pod whose name lives on in another incarnation', async () => {
      await t.register('pod-g', 'gold', { ready: false, terminating: true });
      await t.register('pod-g', 'gold', { incarnation: 'second' });
      expect(await t.store.pod('pod-g')).toMatchObject({ terminating: false });
      await t.store.drain('pod-g');
      expect(await t.store.undrain('pod-g')).toEqual({ kind: 'undrained', activeCalls: 0 });
      await t.granted('call-1', ['gold']);
    });

    it('undrains a pod that does not drain without harm', async () => {
      await t.granted('call-1', ['gold']);
      expect(await t.store.undrain('pod-g')).toEqual({ kind: 'undrained', activeCalls: 1 });
      expect(await t.allocate('call-2', ['gold'])).toMatchObject({ kind: 'no-capacity' });
    });

    it('knows no pod that was never registered, not even one that is named like another key', async () => {
      await t.store.registerPod(t.epoch, { podName: 'pod-g', incarnation: 'first', ready: true, pool: 'gold' });
      for (const podName of ['stranger', 'metadata', 'tier:pod-g']) {
        expect(await t.store.drain(podName)).toEqual({ kind: 'unknown-pod' });
        expect(await t.store.undrain(podName)).toEqual({ kind: 'unknown-pod' });
        expect(await t.store.pod(podName)).toBeNull();
      }
    });
  });
}
