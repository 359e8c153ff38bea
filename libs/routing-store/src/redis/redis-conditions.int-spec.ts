import { useRedis } from '../testing/redis-under-test';
import { TEST_TIMINGS } from '../testing/store-harness';

const MINUTE_MS = 60_000;

const t = useRedis(async (t) => {
  for (const pod of ['gold-1', 'gold-2']) await t.register(pod, 'gold');
  await t.register('basic-1', 'basic');
});

const conditions = () => t.store.reader.fleetConditions();

/** Minutes that have passed as a whole. */
const minutes = (ms: number | null): number => Math.floor((ms ?? -1) / MINUTE_MS);

/** The same of the oldest drain of each pool. */
async function drains(): Promise<Record<string, number>> {
  const { oldestDrainsMs } = await conditions();
  return Object.fromEntries([...oldestDrainsMs].map(([pool, ms]) => [pool, minutes(ms)]));
}

/** The call was granted so much earlier than it was. */
async function ageCall(pod: string, call: string, ms: number): Promise<void> {
  await t.client.zincrby(t.key(`pod:calls:${pod}`), -ms * 1_000, call);
}

async function ageDrain(pod: string, ms: number): Promise<void> {
  await t.client.hincrby(t.key(`pod:${pod}`), 'draining_since', -ms);
}

it('gives the age of the oldest call, which a heartbeat does not make younger', async () => {
  await t.granted('call-1', ['basic']);
  await t.granted('call-2', ['basic']);
  await t.granted('call-3', ['gold']);
  await ageCall('basic-1', 'call-1', 10 * MINUTE_MS);
  await t.store.calls.heartbeat('call-1');
  expect(minutes((await conditions()).oldestCallMs)).toBe(10);
  await t.store.calls.release('call-1');
  expect(minutes((await conditions()).oldestCallMs)).toBe(0);
});

it('gives no age below zero when the clock of Redis was set back', async () => {
  await t.granted('call-1', ['gold']);
  const [pod = ''] = (await t.store.reader.pods({ limit: 10 })).items
    .filter(({ calls }) => calls.length > 0)
    .map((p) => p.podName);
  await ageCall(pod, 'call-1', -MINUTE_MS);
  expect((await conditions()).oldestCallMs).toBe(0);
});

it('gives the age of the oldest drain of each pool, which begins once however often it is prolonged', async () => {
  await t.store.drains.drain('gold-1');
  await t.store.drains.drain('gold-2');
  await ageDrain('gold-1', 5 * MINUTE_MS);
  await t.store.drains.drain('gold-1');
  expect(await drains()).toEqual({ gold: 5 });
  await t.store.drains.undrain('gold-1');
  await t.store.drains.drain('basic-1');
  await ageDrain('basic-1', 2 * MINUTE_MS);
  expect(await drains()).toEqual({ gold: 0, basic: 2 });
});

it('counts a drain anew that was begun after the one before had run out', async () => {
  await t.store.drains.drain('gold-1');
  await ageDrain('gold-1', 5 * MINUTE_MS);
  await t.advance(TEST_TIMINGS.drainMs + 5_000);
  await t.store.drains.drain('gold-1');
  expect(await drains()).toEqual({ gold: 0 });
});

it('counts a drain that a hand began from the repair of its pod on', async () => {
  await t.client.set(t.key('pod:draining:gold-1'), '1');
  await t.store.pods.repairPod(t.epoch, 'gold-1');
  expect(await drains()).toEqual({ gold: 0 });
});

it('counts a drain that a hand began anew when one before it was taken back', async () => {
  await t.store.drains.drain('gold-1');
  await ageDrain('gold-1', 5 * MINUTE_MS);
  await t.store.drains.undrain('gold-1');
  await t.client.set(t.key('pod:draining:gold-1'), '1');
  await t.store.pods.repairPod(t.epoch, 'gold-1');
  expect(await drains()).toEqual({ gold: 0 });
});

it.each(['x', 'nan', 'inf', ''])('passes over a drain whose begin a hand has made %j', async (text) => {
  for (const pod of ['gold-1', 'gold-2']) await t.store.drains.drain(pod);
  await t.client.hset(t.key('pod:gold-1'), 'draining_since', text);
  await ageDrain('gold-2', 5 * MINUTE_MS);
  expect(await drains()).toEqual({ gold: 5 });
});

it('gives the age of a drain whose pod has lost its pool under no name', async () => {
  await t.store.drains.drain('gold-1');
  await ageDrain('gold-1', 5 * MINUTE_MS);
  await t.client.del(t.key('pod:tier:gold-1'));
  expect(await drains()).toEqual({ '': 5 });
});

it('leaves nothing of a pod that is not known when its drain is looked at', async () => {
  await t.client.set(t.key('pod:draining:foreign'), '1');
  await t.client.zadd(t.key('pods:draining'), 1, 'foreign');
  await t.store.pods.expireLeases(t.epoch, 10);
  expect(await t.client.exists(t.key('pod:foreign'))).toBe(0);
});

it('passes over a pod whose keys have another type', async () => {
  await t.register('gold-2', 'gold', { ready: false });
  await t.granted('call-1', ['basic']);
  for (const name of ['pod:gold-1', 'pod:calls:gold-1']) {
    await t.client.del(t.key(name));
    await t.client.set(t.key(name), 'foreign');
  }
  const { notReady, oldestCallMs } = await conditions();
  // What is not known to be ready is not offered.
  expect(Object.fromEntries(notReady)).toEqual({ gold: 2 });
  expect(minutes(oldestCallMs)).toBe(0);
});

it('adds up the pages of a large fleet, at a cost that calls do not change', async () => {
  const names = Array.from({ length: 1_100 }, (_, i) => `many-${String(i).padStart(4, '0')}`);
  await Promise.all(names.map((name, i) => t.register(name, 'basic', { ready: i % 2 === 0 })));
  await Promise.all(Array.from({ length: 300 }, (_, i) => t.granted(`call-${i}`, ['basic'])));
  const [busy] = ((await t.store.reader.call('call-7')) as { podName: string }).podName.split(' ');
  await ageCall(busy as string, 'call-7', 3 * MINUTE_MS);
  for (const name of [names[10], names[1_090]]) await t.store.drains.drain(name as string);
  await ageDrain(names[10] as string, 4 * MINUTE_MS);
  await t.client.config('RESETSTAT');
  const found = await conditions();
  expect(Object.fromEntries(found.notReady)).toEqual({ basic: 550 });
  expect(minutes(found.oldestCallMs)).toBe(3);
  expect(minutes(found.oldestDrainsMs.get('basic') ?? null)).toBe(4);
  const stats = await t.client.info('commandstats');
  const calls = (name: string): number => Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
  expect({ pages: calls('evalsha'), pods: calls('zrange') }).toEqual({ pages: 5, pods: 1_103 });
});
