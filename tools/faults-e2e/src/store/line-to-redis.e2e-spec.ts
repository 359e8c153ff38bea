import { askRedis, waitFor } from '@smart-router/testbed';
import { allocateAtLast, type FaultyFleet, POD_COUNT, startFaultyFleet } from './faulty-fleet';

/** Shorter than the patient ones, since some of these tests wait until a command is given up. */
const FAULTY_LIMITS = { REQUEST_DEADLINE: '9s' };
/** Later than a command of `faulty` waits, which is a third of its deadline. */
const TOO_LATE_MS = 4_000;
const CODE = { code: 'STORE_UNAVAILABLE' };
const REFUSED = { status: 502, body: CODE };
const TOO_LATE = { status: 504, body: CODE };

describe('a bad line to Redis', () => {
  let fleet: FaultyFleet;
  let callSid: string;
  let calls = 0;

  beforeAll(async () => {
    fleet = await startFaultyFleet({ faultyEnv: FAULTY_LIMITS });
    // Redis has to know the scripts: it is a grant whose reply is to be lost, not the error that a script is missing.
    await fleet.faulty.api.allocate('first');
    await fleet.faulty.api.release('first');
  });

  beforeEach(() => {
    callSid = `line-${++calls}`;
  });

  afterEach(async () => {
    await fleet.proxy.heal();
    await fleet.healthy.api.release(callSid);
    await fleet.hasAvailable(POD_COUNT);
    await allocateAtLast(fleet.faulty, 'settled');
    await fleet.healthy.api.release('settled');
  });

  afterAll(() => fleet?.stop());

  it('that loses the reply leaves the call with the pod that it was given', async () => {
    const { faulty, healthy, proxy, redis } = fleet;
    // By its name, since processes send commands of their own as well.
    proxy.dropReplies(1, callSid);

    expect(await faulty.api.allocate(callSid)).toMatchObject(REFUSED);

    const given = await askRedis(redis.port, `HGET voice:call:${callSid} pod_name`);
    const retried = await healthy.api.allocate(callSid);
    expect(retried).toMatchObject({ status: 200, body: { was_existing: true, pod_name: given } });
    await fleet.hasAvailable(POD_COUNT - 1);
  });

  it('that loses the request leaves the call without a pod', async () => {
    const { faulty, healthy, proxy, redis } = fleet;
    proxy.blackhole();

    expect(await faulty.api.allocate(callSid)).toMatchObject(TOO_LATE);

    expect(await askRedis(redis.port, `EXISTS voice:call:${callSid}`)).toBe('0');
    expect(await healthy.api.allocate(callSid)).toMatchObject({ status: 200, body: { was_existing: false } });
    await fleet.hasAvailable(POD_COUNT - 1);
  });

  it('that breaks the reply in the middle leaves the call with one pod', async () => {
    const { faulty, healthy, proxy } = fleet;
    proxy.cutAfter(3, 'replies', callSid);

    expect(await faulty.api.allocate(callSid)).toMatchObject(REFUSED);

    expect(await healthy.api.allocate(callSid)).toMatchObject({ status: 200, body: { was_existing: true } });
    await fleet.hasAvailable(POD_COUNT - 1);
  });

  it('that is slow makes calls wait and sends no command twice', async () => {
    const { faulty, healthy, proxy, redis } = fleet;
    proxy.latency({ ms: 100, jitterMs: 100 });
    await askRedis(redis.port, 'CONFIG RESETSTAT');

    const sids = [callSid, ...Array.from({ length: POD_COUNT - 1 }, (_, index) => `${callSid}-${index}`)];
    const answers = await Promise.all(sids.map((sid) => faulty.api.allocate(sid)));

    expect(answers.map(({ status }) => status)).toEqual(sids.map(() => 200));
    const stats = await askRedis(redis.port, 'INFO commandstats');
    // Each grant of an exclusive pod chooses one of them, once.
    expect(Number(/cmdstat_srandmember:calls=(\d+)/.exec(stats)?.[1])).toBe(POD_COUNT);
    await Promise.all(sids.map((sid) => healthy.api.release(sid)));
  });

  it('that is narrow gives all calls a pod', async () => {
    const { faulty, healthy, proxy } = fleet;
    proxy.bandwidth(1_000_000 / 8);

    const sids = [callSid, ...Array.from({ length: POD_COUNT - 1 }, (_, index) => `${callSid}-${index}`)];
    const answers = await Promise.all(sids.map((sid) => faulty.api.allocate(sid)));

    expect(answers.map(({ status }) => status)).toEqual(sids.map(() => 200));
    await fleet.hasAvailable(0);
    await Promise.all(sids.map((sid) => healthy.api.release(sid)));
  });

  it('that brings the reply too late leaves the pod to a retry at another process', async () => {
    const { healthy, proxy, redis, faulty } = fleet;
    proxy.latency({ ms: TOO_LATE_MS, direction: 'replies' });
    const refused = faulty.api.allocate(callSid);
    const isGranted = async () => (await askRedis(redis.port, `EXISTS voice:call:${callSid}`)) === '1';
    await waitFor(isGranted, { description: 'the grant in Redis' });

    const retried = await healthy.api.allocate(callSid);

    expect(retried).toMatchObject({ status: 200, body: { was_existing: true } });
    expect(await refused).toMatchObject(TOO_LATE);
    await fleet.hasAvailable(POD_COUNT - 1);
  });
});
