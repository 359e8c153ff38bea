import { createMovedClock, type MovedClock, readMetric, waitFor } from '@smart-router/testbed';
import { Redis } from 'ioredis';
import { allocateAtLast, type FaultyFleet, POD_COUNT, startFaultyFleet } from './faulty-fleet';

const HOUR_MS = 3_600_000;
const LEASE_MS = 60_000;
const SOON_MS = 20_000;
const CALLS = Array.from({ length: POD_COUNT }, (_, index) => `moved-${index}`);

describe('a Redis whose clock is set', () => {
  let clock: MovedClock;
  let fleet: FaultyFleet;
  let redis: Redis;

  beforeAll(async () => {
    clock = await createMovedClock();
  });
  afterAll(() => clock?.close());

  /** Each pod has one call, and the leader has swept. */
  async function start(massExpiryHold: string): Promise<void> {
    await clock.moveTo(0);
    const env = { LEASE_TTL: `${LEASE_MS}ms`, CLEANUP_INTERVAL: '200ms', MASS_EXPIRY_HOLD: massExpiryHold };
    fleet = await startFaultyFleet({ redis: { env: clock.env }, env });
    redis = new Redis(fleet.redis.url);
    for (const callSid of CALLS) await allocateAtLast(fleet.healthy, callSid);
  }
  afterEach(async () => {
    redis.disconnect();
    await fleet.stop();
  });

  const heartbeat = (callSid: string) => fleet.healthy.api.send('POST', `/calls/${callSid}/heartbeat`, {});
  const heldBack = () => readMetric(fleet.leader, 'smart_router_held_back_calls');
  const areHeldBack = (count: number) =>
    waitFor(async () => (await heldBack()) === count, { timeoutMs: SOON_MS, description: `${count} calls held back` });
  const statuses = async (ask: (callSid: string) => Promise<{ status: number }>) =>
    (await Promise.all(CALLS.map(ask))).map(({ status }) => status);
  const ALL_FINE = CALLS.map(() => 200);

  it('an hour ahead keeps its calls, which continue as if nothing were', async () => {
    await start('10m');
    await clock.moveTo(HOUR_MS);
    await areHeldBack(POD_COUNT);
    expect(await fleet.healthy.api.allocate('another')).toMatchObject({
      status: 503,
      body: { code: 'NO_PODS_AVAILABLE' },
    });
    expect(await statuses(heartbeat)).toEqual(ALL_FINE);
    await areHeldBack(0);
    expect(await readMetric(fleet.leader, 'smart_router_zombies_recovered_total')).toBe(0);
    expect(await statuses((callSid) => fleet.healthy.api.release(callSid))).toEqual(ALL_FINE);
    await fleet.hasAvailable(POD_COUNT);
  });

  it('an hour ahead frees the pods of those that give no sign of life, once they had time to', async () => {
    await start('6s');
    await clock.moveTo(HOUR_MS);
    await areHeldBack(POD_COUNT);
    const [silent = '', ...others] = CALLS;
    for (const callSid of others) expect(await heartbeat(callSid)).toMatchObject({ status: 200 });
    await fleet.hasAvailable(1);
    expect(await fleet.healthy.api.release(silent)).toMatchObject({ status: 404 });
    for (const callSid of others) expect(await fleet.healthy.api.release(callSid)).toMatchObject({ status: 200 });
  });

  it('an hour ahead and back again has ended no call', async () => {
    await start('10m');
    await clock.moveTo(HOUR_MS);
    await areHeldBack(POD_COUNT);
    await waitFor(async () => (await redis.keys('voice:lease:*')).length === POD_COUNT, {
      timeoutMs: SOON_MS,
      description: 'the leases of the pods, which ran out, to be written anew',
    });
    await clock.moveTo(0);
    await areHeldBack(0);
    expect(await statuses(heartbeat)).toEqual(ALL_FINE);
    expect(await statuses((callSid) => fleet.healthy.api.release(callSid))).toEqual(ALL_FINE);
  });
});
