import type { CreateHarness, StoreHarness } from '../store-harness';

export function reopenContract(create: CreateHarness): void {
  describe('a store that is connected again after it was closed', () => {
    let harness: StoreHarness;
    beforeEach(async () => {
      harness = await create();
    });
    afterEach(() => harness.close());

    it('has what it had', async () => {
      const { store } = harness;
      const epoch = await store.leadership.claimEpoch();
      await store.lease.replaceLease(null, 'text');
      await store.close();
      await store.connect();
      expect(await store.lease.readLease()).toBe('text');
      expect(await store.leadership.claimEpoch()).toBeGreaterThan(epoch);
    });
  });
}
