import { askRedis, SHORT_LIMITS, waitFor } from '@smart-router/testbed';
import { allocateAtLast, type FaultyFleet, POD_COUNT, startFaultyFleet } from './faulty-fleet';

const UNAVAILABLE = { status: 502, body: { code: 'STORE_UNAVAILABLE' } };

describe('a Redis in trouble', () => {
  let fleet: FaultyFleet;
  let ask: (command: string) => Promise<string>;

  beforeAll(async () => {
    fleet = await startFaultyFleet({ faultyEnv: SHORT_LIMITS });
    ask = (command) => askRedis(fleet.redis.port, command);
  });

  afterAll(() => fleet?.stop());

  it('that loses its scripts again and again fails no request', async () => {
    const { healthy } = fleet;
    const statuses: number[] = [];
    for (let index = 0; index < 100; index++) {
      await ask('SCRIPT FLUSH');
      statuses.push((await healthy.api.allocate(`flushed-${index}`)).status);
      await ask('SCRIPT FLUSH');
      statuses.push((await healthy.api.release(`flushed-${index}`)).status);
    }

    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  });

  it('that executes late leaves one pod to the call', async () => {
    const { healthy, faulty } = fleet;
    // Scripts count as writes, which wait until the pause is over.
    await ask('CLIENT PAUSE 60000 WRITE');

    expect(await faulty.api.allocate('late')).toMatchObject({ ...UNAVAILABLE, status: 504 });
    await ask('CLIENT UNPAUSE');

    const { body } = await allocateAtLast(healthy, 'late');
    expect(await healthy.api.allocate('late')).toMatchObject({
      body: { was_existing: true, pod_name: body['pod_name'] },
    });
    await fleet.hasAvailable(POD_COUNT - 1);
    await healthy.api.release('late');
  });

  it('that has become a replica refuses at once, and is used again when it is a master again', async () => {
    const { healthy } = fleet;
    await ask('REPLICAOF 127.0.0.1 1');
    expect(await healthy.api.allocate('demoted')).toMatchObject(UNAVAILABLE);

    await ask('REPLICAOF NO ONE');

    await allocateAtLast(healthy, 'demoted');
    await healthy.api.release('demoted');
    await fleet.hasAvailable(POD_COUNT);
  });

  it('that runs an endless script refuses, and is used again when that is killed', async () => {
    const { healthy } = fleet;
    await ask('CONFIG SET busy-reply-threshold 100');
    // Its reply never comes.
    const endless = ask('EVAL "while true do end" 0').catch((error: unknown) => error);
    await waitFor(() => ask('PING').catch((error: unknown) => String(error).includes('BUSY')), {
      description: 'Redis to be busy',
    });
    expect(await healthy.api.allocate('busy')).toMatchObject(UNAVAILABLE);

    await ask('SCRIPT KILL');
    await endless;

    await allocateAtLast(healthy, 'busy');
    await healthy.api.release('busy');
    await fleet.hasAvailable(POD_COUNT);
  });

  it('that is out of memory gives no pods, and still takes releases', async () => {
    const { healthy } = fleet;
    await allocateAtLast(healthy, 'before');
    await ask('CONFIG SET maxmemory 1mb');

    expect(await healthy.api.allocate('full')).toMatchObject(UNAVAILABLE);
    const whileFull = await healthy.api.release('before');
    await ask('CONFIG SET maxmemory 0');

    expect(whileFull).toMatchObject({ status: 200 });
    await fleet.hasAvailable(POD_COUNT);
  });

  it('that was emptied has all pods again after a reconcile, and its recent calls', async () => {
    const { healthy } = fleet;
    const { body } = await allocateAtLast(healthy, 'recent');
    await ask('FLUSHALL');

    await fleet.hasAvailable(POD_COUNT - 1);
    expect(await healthy.api.allocate('recent')).toMatchObject({
      status: 200,
      body: { pod_name: body['pod_name'], was_existing: true },
    });
    expect(await healthy.api.release('recent')).toMatchObject({ status: 200, body: { pod_name: body['pod_name'] } });
    await fleet.hasAvailable(POD_COUNT);
  });
});
