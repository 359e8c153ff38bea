import { keyViolations } from '../testing/redis-integrity';
import { useRedis } from '../testing/redis-under-test';
import { TEST_TIMINGS } from '../testing/store-harness';

const HOUR_MS = 3_600_000;

let number: number;
const t = useRedis(
  async (t) => {
    await t.register('pod-g', 'gold');
    ({ number } = await t.granted('call-1', ['gold']));
  },
  { checksKeys: true },
);

/** What was written before the clock of Redis went back an hour: every end lies an hour further away. */
async function setClockBack(): Promise<void> {
  const { client } = t.connection;
  for (const key of ['call:call-1', 'lease:pod-g'].map((name) => t.key(name))) {
    await client.pexpire(key, (await client.pttl(key)) + HOUR_MS);
  }
  await client.zincrby(`${t.prefix}calls:expiry`, HOUR_MS, 'call-1');
}

describe('a clock that went back an hour', () => {
  beforeEach(setClockBack);

  it('lets leases last as much longer, and not for ever', async () => {
    await t.advance(HOUR_MS);
    expect((await t.store.pods.expireLeases(t.epoch, 10)).endedCalls).toEqual([]);
    await t.advance(TEST_TIMINGS.leaseMs + 5_000);
    expect((await t.store.pods.expireLeases(t.epoch, 10)).endedCalls).toEqual([
      { callSid: 'call-1', podName: 'pod-g' },
    ]);
    expect(await t.stats('gold')).toMatchObject({ available: 1, activeCalls: 0 });
  });

  it('is made up for by the next heartbeat', async () => {
    await t.store.calls.heartbeat('call-1');
    await t.advance(TEST_TIMINGS.leaseMs + 5_000);
    expect((await t.store.pods.expireLeases(t.epoch, 10)).endedCalls).toHaveLength(1);
  });

  it('does not keep a call from being released', async () => {
    expect(await t.store.calls.release('call-1')).toMatchObject({ kind: 'released' });
    expect(await t.stats('gold')).toMatchObject({ available: 1, activeCalls: 0 });
  });
});

/** The clock advanced by more than a lease: Redis has dropped what was to end by then, and the index stays. */
async function letRunOut(callSid: string, podName: string): Promise<void> {
  const { client } = t.connection;
  await client.del(`${t.prefix}call:${callSid}`, `${t.prefix}lease:${podName}`);
  await client.zadd(`${t.prefix}calls:expiry`, 1, callSid);
}

describe('a clock that went ahead, so that the record of a call ran out with the lease', () => {
  const key = (name: string) => t.prefix + name;
  beforeEach(() => letRunOut('call-1', 'pod-g'));

  async function isAsBefore(): Promise<void> {
    expect(await t.store.reader.call('call-1')).toMatchObject({ podName: 'pod-g', pool: 'gold', attempts: [] });
    expect(await t.store.reader.pod('pod-g')).toMatchObject({ leaseCallSid: 'call-1', calls: ['call-1'] });
    for (const name of ['call:call-1', 'lease:pod-g']) expect(await t.client.pttl(key(name))).toBeGreaterThan(60_000);
    expect((await t.store.pods.findSuspects(null)).items).toEqual([]);
    expect(await keyViolations(t.connection, t.prefix)).toEqual([]);
  }

  it('lets a heartbeat write both anew', async () => {
    expect(await t.store.calls.heartbeat('call-1')).toMatchObject({ kind: 'renewed', podName: 'pod-g' });
    await isAsBefore();
  });

  it('lets a repeated allocation write both anew, and find the same grant', async () => {
    const outcome = await t.allocate('call-1', ['gold']);
    expect(outcome).toMatchObject({ kind: 'existing', grant: { podName: 'pod-g', pool: 'gold', number } });
    await isAsBefore();
  });

  it('lets the call be released', async () => {
    expect(await t.store.calls.release('call-1')).toMatchObject({ kind: 'released', podName: 'pod-g' });
    expect(await t.stats('gold')).toMatchObject({ available: 1, activeCalls: 0 });
  });

  it('lets the repair write both anew, so that the call lives when the clock is right again', async () => {
    expect(await t.store.pods.repairPod(t.epoch, 'pod-g')).toMatchObject({
      kind: 'repaired',
      changed: true,
      endedCalls: [],
    });
    await t.client.zadd(key('calls:expiry'), Date.now() + HOUR_MS, 'call-1');
    await isAsBefore();
    expect(await t.store.pods.repairPod(t.epoch, 'pod-g')).toMatchObject({ kind: 'repaired', changed: false });
  });

  it('keeps the name of the call that the lease named', async () => {
    await t.store.pods.configurePool(t.epoch, 'basic', { type: 'shared', maxConcurrent: 3 });
    await t.register('pod-b', 'basic');
    for (const callSid of ['call-2', 'call-3']) await t.granted(callSid, ['basic']);
    for (const callSid of ['call-2', 'call-3']) await letRunOut(callSid, 'pod-b');
    await t.store.calls.heartbeat('call-2');
    expect(await t.store.reader.pod('pod-b')).toMatchObject({ leaseCallSid: 'call-3', calls: ['call-2', 'call-3'] });
    expect(await t.store.reader.call('call-2')).toMatchObject({ podName: 'pod-b', pool: 'basic' });
    expect((await t.store.pods.expireLeases(t.epoch, 10)).endedCalls).toEqual(
      expect.arrayContaining([{ callSid: 'call-3', podName: 'pod-b' }]),
    );
    expect(await t.store.reader.pod('pod-b')).toMatchObject({ leaseCallSid: 'call-2', calls: ['call-2'] });
  });
});

describe('a text in place of the numbers of grants', () => {
  beforeEach(() => t.client.set(t.key('calls:granted'), 'junk'));

  it.each([
    ['an allocation', () => t.allocate('call-2', ['gold']), 'no-capacity'],
    ['a repeated allocation', () => t.allocate('call-1', ['gold'], { request: 'other' }), 'existing'],
    ['the release of an unknown call', () => t.store.calls.release('call-2'), 'unknown-call'],
    [
      'the replay of an end',
      () => t.store.recovery.reassertRelease({ callSid: 'call-1', upToNumber: number }),
      'released',
    ],
  ])('fails nothing: %s', async (_name, operation, kind) => {
    expect(await operation()).toMatchObject({ kind });
  });

  it('is no number, so that the next one is given by the clock', async () => {
    await t.register('pod-2', 'gold');
    const next = await t.granted('call-2', ['gold']);
    expect(next.number).toBeGreaterThan(number);
    expect(await t.client.get(t.key('calls:granted'))).toBe(String(next.number));
  });
});
