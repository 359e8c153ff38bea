import { askRedis, type RedisProcess, startRedis } from '@smart-router/test-processes';
import { FailoverHoldError } from '../domain/errors';
import { openRedisHarness, type RedisHarness } from '../testing/redis-harness';
import { StoreUnderTest, TEST_TIMINGS } from '../testing/store-harness';

let redis: RedisProcess;
let harness: RedisHarness;
let t: StoreUnderTest;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  t = await StoreUnderTest.open(async () => (harness = await openRedisHarness(redis.url)));
  await t.register('pod-g', 'gold');
  await t.register('pod-b', 'basic');
});
afterEach(() => t.close());

const client = () => harness.connection.client;

/** As a failover or a restart does. */
async function changeReplicationId(): Promise<void> {
  await askRedis(redis.port, 'REPLICAOF 127.0.0.1 1');
  await askRedis(redis.port, 'REPLICAOF NO ONE');
}

/** As if no era had been observed for long: what is unknown is not lost. */
const settle = () => client().set(`${harness.prefix}era`, 'old:0');

describe('the era', () => {
  it('holds nothing up in a store where none was known', async () => {
    await t.store.observeEra(null);
    await t.granted('call-1', ['gold']);
  });

  it('changes when Redis has another replication id, and no new grants are given for a moment', async () => {
    const grant = await t.granted('call-1', ['gold']);
    const era = await t.store.observeEra(null);
    await changeReplicationId();

    const next = await t.store.observeEra(era);

    expect(next).not.toBe(era);
    expect(await t.store.observeEra(era)).toBe(next);
    await expect(t.allocate('call-2', ['basic'])).rejects.toBeInstanceOf(FailoverHoldError);
    expect(await t.allocate('call-1', ['gold'])).toEqual({ kind: 'existing', grant });
    expect(await t.store.reassertCall({ callSid: 'call-1', grant, merchantId: '' })).toEqual({ kind: 'kept' });
    await t.advance(TEST_TIMINGS.failoverHoldMs + 1);
    await t.granted('call-2', ['basic']);
  });

  it('changes when the data was lost', async () => {
    const era = await t.store.observeEra(null);
    await client().flushall();
    expect(await t.store.observeEra(era)).not.toBe(era);
  });

  it('goes on holding new grants back when a process starts meanwhile', async () => {
    const era = await t.store.observeEra(null);
    await changeReplicationId();
    await t.store.observeEra(era);
    await t.store.observeEra(null);
    await expect(t.allocate('call-1', ['gold'])).rejects.toBeInstanceOf(FailoverHoldError);
  });
});

describe('a call that is released while its grant is lost', () => {
  const command = () => ({
    callSid: 'call-1',
    grant: { podName: 'pod-g', pool: 'gold', allocatedAt: Math.floor(Date.now() / 1_000) - 5, number: 50 },
    merchantId: '',
  });

  it('does not come back when the grant is told of later', async () => {
    await t.store.observeEra(null);
    expect(await t.store.release('call-1')).toEqual({ kind: 'unknown-call' });
    expect(await t.store.reassertCall(command())).toEqual({ kind: 'ended' });
  });

  it('may begin anew, and that grant is not meant', async () => {
    await t.store.release('call-1');
    const grant = await t.granted('call-1', ['gold']);
    expect(await t.store.reassertCall({ callSid: 'call-1', grant, merchantId: '' })).toEqual({ kind: 'kept' });
  });

  it('leaves nothing behind long after an era began', async () => {
    await settle();
    await t.store.release('call-1');
    expect(await client().exists(`${harness.prefix}released-unknown:call-1`)).toBe(0);
  });
});

describe('a grant that was ended by hand', () => {
  it.each([
    ['the record of the call', 'call:call-1'],
    ['the lease of the pod', 'lease:pod-g'],
  ])('does not come back when %s was deleted', async (_name, key) => {
    const grant = await t.granted('call-1', ['gold']);
    expect(await client().del(`${harness.prefix}${key}`)).toBe(1);
    expect(await t.store.reassertCall({ callSid: 'call-1', grant, merchantId: '' })).toEqual({ kind: 'ended' });
    expect(await t.store.call('call-1')).toBeNull();
  });
});

describe('the mark of a grant that ended', () => {
  it('runs out by itself', async () => {
    const { number } = await t.granted('call-1', ['gold']);
    await t.store.release('call-1');
    expect(await client().pttl(`${harness.prefix}released:call-1:${number}`)).toBeGreaterThan(100_000);
    await t.advance(121_000);
    expect(await client().exists(`${harness.prefix}released:call-1:${number}`)).toBe(0);
  });
});
