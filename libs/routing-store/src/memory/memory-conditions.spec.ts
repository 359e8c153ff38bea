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

const ages = async () => {
  const { oldestCallMs, oldestDrainMs } = await t.store.reader.fleetConditions();
  return { oldestCallMs, oldestDrainMs };
};

it('gives the age of the oldest call, which a heartbeat does not make younger', async () => {
  await t.granted('call-1', ['basic']);
  await t.advance(10_000);
  await t.granted('call-2', ['basic']);
  await t.granted('call-3', ['gold']);
  await t.store.calls.heartbeat('call-1');
  expect(await ages()).toEqual({ oldestCallMs: 10_000, oldestDrainMs: null });
  await t.store.calls.release('call-1');
  expect(await ages()).toEqual({ oldestCallMs: 0, oldestDrainMs: null });
});

it('gives the age of the oldest drain, which begins once however often it is prolonged', async () => {
  await t.store.drains.drain('gold-1');
  await t.advance(10_000);
  await t.store.drains.drain('gold-1');
  await t.store.drains.drain('gold-2');
  await t.advance(5_000);
  expect((await ages()).oldestDrainMs).toBe(15_000);
  await t.store.drains.undrain('gold-1');
  expect((await ages()).oldestDrainMs).toBe(5_000);
});

it('counts a drain anew that was begun after the one before had run out', async () => {
  await t.store.drains.drain('gold-1');
  await t.advance(TEST_TIMINGS.drainMs + 1);
  await t.store.drains.drain('gold-1');
  await t.advance(2_000);
  expect((await ages()).oldestDrainMs).toBe(2_000);
});
