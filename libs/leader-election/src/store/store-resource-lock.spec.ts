import type { LeaderLease } from '@smart-router/routing-store';
import { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import { describeResourceLockContract } from '../testing/resource-lock-contract';
import { StoreResourceLock } from './store-resource-lock';

/** A store whose lease can be lost with all its data. */
class LossyStore implements LeaderLease {
  private store = new MemoryRoutingStore();

  readLease = () => this.store.lease.readLease();
  replaceLease = (expected: string | null, text: string) => this.store.lease.replaceLease(expected, text);

  lose(): void {
    this.store = new MemoryRoutingStore();
  }
}

describeResourceLockContract('the store', async () => {
  const store = new LossyStore();
  return {
    records: new StoreResourceLock(store),
    others: new StoreResourceLock(store),
    remove: async () => store.lose(),
    close: async () => undefined,
  };
});

it.each(['not JSON', '[]', '"x"', 'null', '{"holderIdentity":7}'])('reads %s as the lease of nobody', async (text) => {
  const store = new MemoryRoutingStore();
  await store.lease.replaceLease(null, text);
  const records = new StoreResourceLock(store.lease);
  const lease = await records.read();
  expect(lease?.record.holderIdentity).toBe('');
  const record = { ...(lease?.record as NonNullable<typeof lease>['record']), holderIdentity: 'me' };
  expect((await records.update(record, lease?.version ?? '')).kind).toBe('written');
});
