import { askRedis, waitFor } from '@smart-router/testbed';
import {
  allocate,
  allocateAtLast,
  type FaultyFleet,
  hasAvailable,
  POD_COUNT,
  release,
  startFaultyFleet,
} from './faulty-fleet';

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
    await allocate(fleet.faulty, 'first');
    await release(fleet.faulty, 'first');
  });

  beforeEach(() => {
    callSid = `line-${++calls}`;
  });

  afterEach(async () => {
    await fleet.line.heal();
    await release(fleet.healthy, callSid);
    await hasAvailable(fleet.healthy, POD_COUNT);
    await allocateAtLast(fleet.faulty, 'settled');
    await release(fleet.healthy, 'settled');
  });

  afterAll(() => fleet?.stop());

  it('that loses the reply leaves the call with the pod that it was given', async () => {
    const { faulty, healthy, line, redis } = fleet;
    // By its name, since processes send commands of their own as well.
    line.dropReplies(1, callSid);

    expect(await allocate(faulty, callSid)).toMatchObject(REFUSED);

    const given = await askRedis(redis.port, `HGET voice:call:${callSid} pod_name`);
    const retried = await allocate(healthy, callSid);
    expect(retried).toMatchObject({ status: 200, body: { was_existing: true, pod_name: given } });
    await hasAvailable(healthy, POD_COUNT - 1);
  });

  it('that loses the request leaves the call without a pod', async () => {
    const { faulty, healthy, line, redis } = fleet;
    line.blackhole();

    expect(await allocate(faulty, callSid)).toMatchObject(TOO_LATE);

    expect(await askRedis(redis.port, `EXISTS voice:call:${callSid}`)).toBe('0');
    expect(await allocate(healthy, callSid)).toMatchObject({ status: 200, body: { was_existing: false } });
    await hasAvailable(healthy, POD_COUNT - 1);
  });

  it('that breaks the reply in the middle leaves the call with one pod', async () => {
    const { faulty, healthy, line } = fleet;
    line.cutAfter(3, 'replies', callSid);

    expect(await allocate(faulty, callSid)).toMatchObject(REFUSED);

    expect(await allocate(healthy, callSid)).toMatchObject({ status: 200, body: { was_existing: true } });
    await hasAvailable(healthy, POD_COUNT - 1);
  });

  it('that is slow makes calls wait and sends no command twice', async () => {
    const { faulty, healthy, line, redis } = fleet;
    line.latency({ ms: 100, jitterMs: 100 });
    await askRedis(redis.port, 'CONFIG RESETSTAT');

    const sids = [callSid, ...Array.from({ length: POD_COUNT - 1 }, (_, index) => `${callSid}-${index}`)];
    const answers = await Promise.all(sids.map((sid) => allocate(faulty, sid)));

    expect(answers.map(({ status }) => status)).toEqual(sids.map(() => 200));
    const stats = await askRedis(redis.port, 'INFO commandstats');
    // Each grant of an exclusive pod chooses one of them, once.
    expect(Number(/cmdstat_srandmember:calls=(\d+)/.exec(stats)?.[1])).toBe(POD_COUNT);
    await Promise.all(sids.map((sid) => release(healthy, sid)));
  });

  it('that is narrow gives all calls a pod', async () => {
    const { faulty, healthy, line } = fleet;
    line.bandwidth(1_000_000 / 8);

    const sids = [callSid, ...Array.from({ length: POD_COUNT - 1 }, (_, index) => `${callSid}-${index}`)];
    const answers = await Promise.all(sids.map((sid) => allocate(faulty, sid)));

    expect(answers.map(({ status }) => status)).toEqual(sids.map(() => 200));
    await hasAvailable(healthy, 0);
    await Promise.all(sids.map((sid) => release(healthy, sid)));
  });

  it('that brings the reply too late leaves the pod to a retry at another process', async () => {
    const { healthy, line, redis, faulty } = fleet;
    line.latency({ ms: TOO_LATE_MS, direction: 'replies' });
    const refused = allocate(faulty, callSid);
    const isGranted = async () => (await askRedis(redis.port, `EXISTS voice:call:${callSid}`)) === '1';
    await waitFor(isGranted, { description: 'the grant in Redis' });

    const retried = await allocate(healthy, callSid);

    expect(retried).toMatchObject({ status: 200, body: { was_existing: true } });
    expect(await refused).toMatchObject(TOO_LATE);
    await hasAvailable(healthy, POD_COUNT - 1);
  });
});
