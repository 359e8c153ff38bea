import type { CreateHarness } from '../store-harness';
import { StoreUnderTest, TEST_TIMINGS } from '../store-harness';

export function conditionsContract(create: CreateHarness): void {
  describe('the conditions of the fleet', () => {
    let t: StoreUnderTest;
    beforeEach(async () => {
      t = await StoreUnderTest.open(create);
      for (const pod of ['gold-1', 'gold-2', 'gold-3']) await t.register(pod, 'gold');
      await t.register('basic-1', 'basic');
    });
    afterEach(() => t.close());

    const notReady = async () => Object.fromEntries((await t.store.reader.fleetConditions()).notReady);
    const drained = async () => [...(await t.store.reader.fleetConditions()).oldestDrainsMs.keys()].sort();
    const hasCall = async () => (await t.store.reader.fleetConditions()).oldestCallMs !== null;

    it('are empty when every pod is ready and idle', async () => {
      expect(await t.store.reader.fleetConditions()).toEqual({
        notReady: new Map(),
        oldestCallMs: null,
        oldestDrainsMs: new Map(),
      });
    });

    it('count pods that are not ready in their pools, whatever else they are', async () => {
      await t.granted('call-1', ['basic']);
      await t.store.drains.drain('gold-1');
      for (const pod of ['gold-1', 'gold-2']) await t.register(pod, 'gold', { ready: false });
      await t.register('basic-1', 'basic', { ready: false });
      expect(await notReady()).toEqual({ gold: 2, basic: 1 });
      await t.store.pods.movePod(t.epoch, 'gold-2', 'basic', { onlyIdle: false });
      expect(await notReady()).toEqual({ gold: 1, basic: 2 });
      await t.register('gold-1', 'gold', { ready: true });
      await t.store.pods.removePod(t.epoch, 'basic-1');
      expect(await notReady()).toEqual({ basic: 1 });
    });

    it('have an oldest call as long as any call lives', async () => {
      await t.granted('call-1', ['gold']);
      await t.granted('call-2', ['basic']);
      await t.store.calls.release('call-1');
      expect(await hasCall()).toBe(true);
      await t.store.calls.release('call-2');
      expect(await hasCall()).toBe(false);
    });

    it('have an oldest drain of each pool as long as one of its pods drains', async () => {
      await t.store.drains.drain('gold-1');
      await t.store.drains.drain('gold-2');
      await t.store.drains.undrain('gold-1');
      await t.store.drains.drain('basic-1');
      expect(await drained()).toEqual(['basic', 'gold']);
      await t.store.pods.movePod(t.epoch, 'gold-2', 'basic', { onlyIdle: false });
      expect(await drained()).toEqual(['basic']);
      for (const pod of ['gold-2', 'basic-1']) await t.store.drains.undrain(pod);
      expect(await drained()).toEqual([]);
    });

    it('have no drain that ran out, before the leader has swept it and after', async () => {
      await t.store.drains.drain('gold-1');
      await t.advance(TEST_TIMINGS.drainMs + 5_000);
      expect(await drained()).toEqual([]);
      await t.store.pods.expireLeases(t.epoch, 10);
      expect(await drained()).toEqual([]);
    });

    it('have no drain of a pod that was removed or started anew', async () => {
      await t.store.drains.drain('gold-1');
      await t.store.drains.drain('gold-2');
      await t.store.pods.removePod(t.epoch, 'gold-1');
      await t.register('gold-2', 'gold', { incarnation: 'second' });
      expect(await drained()).toEqual([]);
    });
  });
}
