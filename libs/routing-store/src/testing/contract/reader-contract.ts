import type { Page, PageRequest } from '../../domain/fleet-reader';
import type { CreateHarness } from '../store-harness';
import { StoreUnderTest } from '../store-harness';

async function readAll<Item>(read: (request: PageRequest) => Promise<Page<Item>>, limit: number): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null | undefined;
  do {
    const page: Page<Item> = await read({ limit, ...(cursor ? { cursor } : {}) });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== null);
  return items;
}

export function readerContract(create: CreateHarness): void {
  describe('reading', () => {
    let t: StoreUnderTest;
    beforeEach(async () => {
      t = await StoreUnderTest.open(create);
      for (let i = 0; i < 7; i++) await t.register(`gold-${i}`, 'gold');
      for (let i = 0; i < 3; i++) await t.register(`basic-${i}`, 'basic');
      for (let i = 0; i < 5; i++) await t.granted(`call-${i}`, ['gold']);
      await t.allocate('call-b', ['basic'], { merchantId: 'acme' });
    });
    afterEach(() => t.close());

    it('counts per pool', async () => {
      await t.store.drains.drain('basic-1');
      expect(await t.stats('gold')).toEqual({ assigned: 7, available: 2, activeCalls: 5, draining: 0 });
      expect(await t.stats('basic')).toEqual({ assigned: 3, available: 2, activeCalls: 1, draining: 1 });
      expect(await t.store.reader.fleetStats()).toMatchObject({ activeCalls: 6, leader: null });
    });

    it.each([1, 3, 500])('pages through all pods by name, %i at a time', async (limit) => {
      const names = (await readAll((request) => t.store.reader.pods(request), limit)).map((pod) => pod.podName);
      expect(names).toEqual(['basic-0', 'basic-1', 'basic-2', ...[0, 1, 2, 3, 4, 5, 6].map((i) => `gold-${i}`)]);
    });

    it.each([1, 2, 500])('pages through all calls, %i at a time', async (limit) => {
      const sids = (await readAll((request) => t.store.reader.calls(request), limit)).map((call) => call.callSid);
      expect(sids.sort()).toEqual(['call-0', 'call-1', 'call-2', 'call-3', 'call-4', 'call-b']);
    });

    it('continues after a call that ended between two pages', async () => {
      const first = await t.store.reader.calls({ limit: 2 });
      for (const call of first.items) await t.store.calls.release(call.callSid);
      const rest = await readAll((request) => t.store.reader.calls({ cursor: first.cursor as string, ...request }), 2);
      const met = [...first.items, ...rest].map((call) => call.callSid);
      expect(new Set(met)).toEqual(new Set(['call-0', 'call-1', 'call-2', 'call-3', 'call-4', 'call-b']));
    });

    it('filters pods by pool and by status', async () => {
      await t.store.drains.drain('basic-0');
      const named = async (filter: Parameters<typeof t.store.reader.pods>[1]) =>
        (await readAll((request) => t.store.reader.pods(request, filter), 2)).map((pod) => pod.podName);
      expect(await named({ pool: 'basic' })).toEqual(['basic-0', 'basic-1', 'basic-2']);
      expect(await named({ status: 'draining' })).toEqual(['basic-0']);
      expect(await named({ pool: 'gold', status: 'available' })).toHaveLength(2);
      expect(await named({ pool: 'gold', status: 'allocated' })).toHaveLength(5);
    });

    it('filters calls by pool and by merchant', async () => {
      const sids = async (filter: Parameters<typeof t.store.reader.calls>[1]) =>
        (await readAll((request) => t.store.reader.calls(request, filter), 2)).map((call) => call.callSid);
      expect(await sids({ pool: 'gold' })).toHaveLength(5);
      expect(await sids({ merchantId: 'acme' })).toEqual(['call-b']);
      expect(await sids({ pool: 'gold', merchantId: 'acme' })).toEqual([]);
    });

    it('answers a ping', async () => {
      expect(await t.store.ping()).toBeGreaterThanOrEqual(0);
    });
  });
}
