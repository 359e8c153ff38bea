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
      expect(await t.store.drains.drain('pod-g')).toEqual({ kind: 'draining', activeCalls: 0 });
      expect(await t.store.drains.drain('pod-g')).toEqual({ kind: 'draining', activeCalls: 0 });
      expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'no-capacity' });
      expect(await t.stats('gold')).toEqual({ assigned: 1, available: 0, activeCalls: 0, draining: 1 });
      expect(await t.store.reader.pod('pod-g')).toMatchObject({ isDraining: true, status: 'draining' });
    });

    it('leaves live calls alone, and keeps the pod back when they end', async () => {
      await t.granted('call-1', ['gold']);
      expect(await t.store.drains.drain('pod-g')).toEqual({ kind: 'draining', activeCalls: 1 });
      expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'existing' });
      expect(await t.store.calls.release('call-1')).toMatchObject({ kind: 'released', wasDraining: true });
      expect(await t.allocate('call-2', ['gold'])).toMatchObject({ kind: 'no-capacity' });
    });

    it('gives a shared pod back with its true load on undrain', async () => {
      await t.granted('call-1', ['basic']);
      await t.store.drains.drain('pod-b');
      expect(await t.store.drains.undrain('pod-b')).toEqual({ kind: 'undrained', activeCalls: 1 });
      await t.granted('call-2', ['basic']);
      expect(await t.allocate('call-3', ['basic'])).toMatchObject({ kind: 'no-capacity' });
    });

    it('gives a pod back with its true load when the drain runs out', async () => {
      await t.granted('call-1', ['basic']);
      await t.store.drains.drain('pod-b');
      await t.advance(TEST_TIMINGS.drainMs + 5_000);
      expect(await t.store.pods.expireLeases(t.epoch, 10)).toMatchObject({ endedDrains: ['pod-b'] });
      await t.granted('call-2', ['basic']);
      expect(await t.allocate('call-3', ['basic'])).toMatchObject({ kind: 'no-capacity' });
      expect(await t.stats('basic')).toMatchObject({ draining: 0 });
    });

    it('lasts a full time from the latest drain on', async () => {
      await t.store.drains.drain('pod-g');
      await t.advance(35_000);
      await t.store.drains.drain('pod-g');
      await t.advance(35_000);
      expect(await t.store.pods.expireLeases(t.epoch, 10)).toMatchObject({ endedDrains: [] });
      expect(await t.store.reader.pod('pod-g')).toMatchObject({ isDraining: true });
    });

    it('lasts as long as its caller chooses', async () => {
      await t.store.drains.drain('pod-g', { lasts: 20_000 });
      await t.advance(15_000);
      expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'no-capacity' });
      await t.advance(10_000);
      expect(await t.store.reader.pod('pod-g')).toMatchObject({ isDraining: false, drain: null });
    });

    it('gives the pod to the next call once its end has come, although nobody sweeps', async () => {
      await t.granted('call-1', ['basic']);
      for (const pod of ['pod-g', 'pod-b']) await t.store.drains.drain(pod, { lasts: 20_000 });
      await t.advance(25_000);
      expect(await t.allocate('call-2', ['gold'])).toMatchObject({ kind: 'allocated', grant: { podName: 'pod-g' } });
      await t.granted('call-3', ['basic']);
      expect(await t.allocate('call-4', ['basic'])).toMatchObject({ kind: 'no-capacity' });
      expect(await t.stats('gold')).toMatchObject({ draining: 0 });
      expect(await t.stats('basic')).toMatchObject({ draining: 0 });
    });

    it('lasts until it is taken back when its caller chooses no end', async () => {
      await t.store.drains.drain('pod-g', { lasts: 'until-undrained' });
      await t.advance(30 * 24 * 3_600_000);
      expect(await t.store.pods.expireLeases(t.epoch, 10)).toMatchObject({ endedDrains: [] });
      expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'no-capacity' });
      await t.store.drains.undrain('pod-g');
      await t.granted('call-2', ['gold']);
    });

    /** Of a drain that ends. */
    async function shown(): Promise<{ readonly sinceMs: number; readonly endsMs: number }> {
      const { sinceMs = null, endsMs = null } = (await t.store.reader.pod('pod-g'))?.drain ?? {};
      return { sinceMs: Number(sinceMs), endsMs: Number(endsMs) };
    }

    it('shows when it began and when it ends', async () => {
      expect((await t.store.reader.pod('pod-g'))?.drain).toBeNull();
      await t.store.drains.drain('pod-g', { lasts: 20_000 });
      const first = await shown();
      expect(first.endsMs - first.sinceMs).toBe(20_000);
      await t.store.drains.drain('pod-g', { lasts: 50_000 });
      const second = await shown();
      expect(second.sinceMs).toBe(first.sinceMs);
      expect(second.endsMs - first.endsMs).toBeGreaterThanOrEqual(30_000);
      await t.store.drains.drain('pod-g', { lasts: 'until-undrained' });
      expect((await t.store.reader.pod('pod-g'))?.drain).toEqual({ sinceMs: first.sinceMs, endsMs: null });
      expect((await t.store.reader.pods({ limit: 10 })).items.map(({ drain }) => drain)).toEqual([
        null,
        { sinceMs: first.sinceMs, endsMs: null },
      ]);
    });

    it('begins anew when it was over, whether or not that was noticed', async () => {
      await t.store.drains.drain('pod-g', { lasts: 20_000 });
      const before = (await t.store.reader.pod('pod-g'))?.drain?.sinceMs;
      await t.advance(25_000);
      await t.store.drains.drain('pod-g', { lasts: 20_000 });
      const after = (await t.store.reader.pod('pod-g'))?.drain;
      expect(Number(after?.endsMs) - Number(after?.sinceMs)).toBe(20_000);
      expect(after?.sinceMs).not.toBe(before);
    });

    it('is ended before others when it was over before them', async () => {
      await t.register('pod-h', 'gold');
      await t.store.drains.drain('pod-g', { lasts: 20_000 });
      await t.store.drains.drain('pod-h', { lasts: 10_000 });
      await t.advance(25_000);
      expect((await t.store.pods.expireLeases(t.epoch, 1)).endedDrains).toEqual(['pod-h']);
      expect((await t.store.pods.expireLeases(t.epoch, 1)).endedDrains).toEqual(['pod-g']);
    });

    it('is never shortened by one that may only prolong it', async () => {
      await t.store.drains.drain('pod-g', { lasts: 'until-undrained' });
      await t.store.drains.drain('pod-g', { onlyProlong: true });
      expect((await t.store.reader.pod('pod-g'))?.drain).toMatchObject({ endsMs: null });
      await t.store.drains.drain('pod-g', { lasts: 40_000 });
      await t.store.drains.drain('pod-g', { lasts: 20_000, onlyProlong: true });
      await t.advance(25_000);
      expect(await t.store.reader.pod('pod-g')).toMatchObject({ isDraining: true });
      await t.store.drains.drain('pod-g', { lasts: 40_000, onlyProlong: true });
      await t.advance(30_000);
      expect(await t.store.reader.pod('pod-g')).toMatchObject({ isDraining: true });
    });

    it('takes no drain back of a pod that terminates, and says so', async () => {
      await t.store.drains.drain('pod-g');
      await t.register('pod-g', 'gold', { ready: false, terminating: true });
      expect(await t.store.drains.undrain('pod-g')).toEqual({ kind: 'terminating' });
      expect(await t.store.reader.pod('pod-g')).toMatchObject({ isDraining: true, terminating: true });
      expect(await t.stats('gold')).toMatchObject({ draining: 1, available: 0 });
    });

    it('takes the drain back of a pod whose name lives on in another incarnation', async () => {
      await t.register('pod-g', 'gold', { ready: false, terminating: true });
      await t.register('pod-g', 'gold', { incarnation: 'second' });
      expect(await t.store.reader.pod('pod-g')).toMatchObject({ terminating: false });
      await t.store.drains.drain('pod-g');
      expect(await t.store.drains.undrain('pod-g')).toEqual({ kind: 'undrained', activeCalls: 0 });
      await t.granted('call-1', ['gold']);
    });

    it('undrains a pod that does not drain without harm', async () => {
      await t.granted('call-1', ['gold']);
      expect(await t.store.drains.undrain('pod-g')).toEqual({ kind: 'undrained', activeCalls: 1 });
      expect(await t.allocate('call-2', ['gold'])).toMatchObject({ kind: 'no-capacity' });
    });

    it('knows no pod that was never registered, not even one that is named like another key', async () => {
      await t.store.pods.registerPod(t.epoch, { podName: 'pod-g', incarnation: 'first', ready: true, pool: 'gold' });
      for (const podName of ['unknown', 'metadata', 'tier:pod-g']) {
        expect(await t.store.drains.drain(podName)).toEqual({ kind: 'unknown-pod' });
        expect(await t.store.drains.undrain(podName)).toEqual({ kind: 'unknown-pod' });
        expect(await t.store.reader.pod(podName)).toBeNull();
      }
    });
  });
}
