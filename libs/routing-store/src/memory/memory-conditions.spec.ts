import { StoreUnderTest, TEST_TIMINGS } from '../testing/store-harness';
import { MemoryRoutingStore } from './memory-routing-store';

let t: StoreUnderTest;

beforeEach(async () => {
  let now = Date.now();
  const store = new MemoryRoutingStore({ timings: TEST_TIMINGS, now: () => now });
  const advance = async (ms: number): Promise<void> => void (now += ms);
  t = await StoreUnderTest.open(async () => ({ store, advance, close: () => store.close() }));
  for (const pod of ['gold-1', 'gold-2']) await t.register(pod, 'gold');
  await t.register('basic-1', 'basic');
});

const conditions = () => t.store.reader.fleetConditions();
const drains = async () => Object.fromEntries((await conditions()).oldestDrainsMs);

it('gives the age of the oldest call, which a heartbeat does not make younger', async () => {
  await t.granted('call-1', ['basic']);
  await t.advance(10_000);
  await t.granted('call-2', ['basic']);
  await t.granted('call-3', ['gold']);
  await t.store.calls.heartbeat('call-1');
  expect((await conditions()).oldestCallMs).toBe(10_000);
  await t.store.calls.release('call-1');
  expect((await conditions()).oldestCallMs).toBe(0);
});

it('gives the age of the oldest drain of each pool, which begins once however often it is prolonged', async () => {
  await t.store.drains.drain('gold-1');
  await t.advance(10_000);
  await t.store.drains.drain('gold-1');
  await t.store.drains.drain('gold-2');
  await t.advance(5_000);
  await t.store.drains.drain('basic-1');
  await t.advance(1_000);
  expect(await drains()).toEqual({ gold: 16_000, basic: 1_000 });
  await t.store.drains.undrain('gold-1');
  expect(await drains()).toEqual({ gold: 6_000, basic: 1_000 });
});

it('counts a drain anew that was begun after the one before had run out', async () => {
  await t.store.drains.drain('gold-1');
  await t.advance(TEST_TIMINGS.drainMs + 1);
  await t.store.drains.drain('gold-1');
  await t.advance(2_000);
  expect(await drains()).toEqual({ gold: 2_000 });
});
