import type { CreateHarness, StoreHarness } from '../store-harness';

export function leaseContract(create: CreateHarness): void {
  describe('the lease of the leader', () => {
    let harness: StoreHarness;
    beforeEach(async () => {
      harness = await create();
    });
    afterEach(() => harness.close());

    it('is not there in the beginning', async () => {
      expect(await harness.store.lease.readLease()).toBeNull();
    });

    it('is created only where there is none', async () => {
      const { store } = harness;
      expect(await store.lease.replaceLease(null, 'first')).toBe(true);
      expect(await store.lease.replaceLease(null, 'second')).toBe(false);
      expect(await store.lease.readLease()).toBe('first');
    });

    it('is replaced only where the expected one is still there', async () => {
      const { store } = harness;
      expect(await store.lease.replaceLease('first', 'second')).toBe(false);
      await store.lease.replaceLease(null, 'first');
      expect(await store.lease.replaceLease('other', 'second')).toBe(false);
      expect(await store.lease.replaceLease('first', '{"second":"ü"}')).toBe(true);
      expect(await store.lease.readLease()).toBe('{"second":"ü"}');
    });

    it('lets one of several writers at the same time win', async () => {
      const { store } = harness;
      const won = await Promise.all([1, 2, 3, 4].map((i) => store.lease.replaceLease(null, `text-${i}`)));
      expect(won.filter(Boolean)).toHaveLength(1);
    });

    it('does not run out', async () => {
      await harness.store.lease.replaceLease(null, 'first');
      await harness.advance(24 * 3_600_000);
      expect(await harness.store.lease.readLease()).toBe('first');
    });
  });
}
