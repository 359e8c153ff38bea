import { askRedis } from '@smart-router/testbed';
import { StoreHeldError } from '../domain/errors';
import type { StoreTimings } from '../domain/routing-store';
import {
  describeGenerationContract,
  HOLDING_TIMINGS,
  type LosingHarness,
} from '../testing/contract/generation-contract';
import { describeUnansweredContract } from '../testing/contract/unanswered-contract';
import { openRedisHarness } from '../testing/redis-harness';
import { useRedis } from '../testing/redis-under-test';
import { RedisRoutingStore } from './redis-routing-store';

const t = useRedis(async (t) => {
  await t.register('pod-g', 'gold');
  await t.register('pod-b', 'basic');
});

/** As a failover or a restart does. */
async function changeReplicationId(): Promise<void> {
  await askRedis(t.server.port, 'REPLICAOF 127.0.0.1 1');
  await askRedis(t.server.port, 'REPLICAOF NO ONE');
}

/** As if the generation had begun long ago: what is unknown is not lost. */
const settle = () => t.client.set(`${t.prefix}era`, 'old:0');

async function openLosingStore(timings: StoreTimings): Promise<LosingHarness> {
  const losing = await openRedisHarness(t.server.url, 0, timings);
  return { ...losing, failOver: changeReplicationId };
}

describeGenerationContract('Redis', openLosingStore);
describeUnansweredContract('Redis', openLosingStore);

describe('a store that has lost its data', () => {
  it('begins another generation', async () => {
    const report = { member: 'a', known: null, phase: 'everything', liveMembers: [] } as const;
    const { generation } = await t.store.recovery.checkGeneration(report);
    await t.client.flushall();
    expect((await t.store.recovery.checkGeneration({ ...report, known: generation })).generation).not.toBe(generation);
  });

  it('does nothing about calls before anybody has looked at it', async () => {
    await t.client.flushall();
    await expect(t.allocate('call-1', ['gold'])).rejects.toBeInstanceOf(StoreHeldError);
    await expect(t.store.calls.release('call-1')).rejects.toBeInstanceOf(StoreHeldError);
  });
});

describe('a new connection', () => {
  it('begins another generation before anything else is asked on it', async () => {
    const losing = await openRedisHarness(t.server.url, 0, HOLDING_TIMINGS);
    const { generation } = await losing.store.recovery.checkGeneration({
      ...{ member: 'a', known: null, phase: 'everything', liveMembers: [] },
    });
    await changeReplicationId();
    const other = new RedisRoutingStore(t.connection, { keyPrefix: losing.prefix, timings: HOLDING_TIMINGS });
    const command = { callSid: 'call-1', merchantId: '', knownMerchantConfig: null, chain: ['gold'] };
    await expect(other.calls.allocate(command)).rejects.toBeInstanceOf(StoreHeldError);
    expect(await t.client.get(`${losing.prefix}era`)).not.toBe(generation);
    await losing.close();
  });
});

describe('a call that is released while its grant is lost', () => {
  const command = () => ({
    callSid: 'call-1',
    grant: { podName: 'pod-g', pool: 'gold', allocatedAt: Math.floor(Date.now() / 1_000) - 5, number: 50 },
    merchantId: '',
  });

  it('does not come back when the grant is reported later', async () => {
    expect(await t.store.calls.release('call-1')).toMatchObject({ kind: 'unknown-call' });
    expect(await t.store.recovery.reassertCall(command())).toEqual({ kind: 'ended' });
  });

  it('may begin anew, and that grant is not meant', async () => {
    await t.store.calls.release('call-1');
    const grant = await t.granted('call-1', ['gold']);
    expect(await t.store.recovery.reassertCall({ callSid: 'call-1', grant, merchantId: '' })).toEqual({ kind: 'kept' });
  });

  it('leaves nothing behind long after a generation began', async () => {
    await settle();
    await t.store.calls.release('call-1');
    expect(await t.client.exists(`${t.prefix}released:call-1`)).toBe(0);
  });
});

describe('a grant that was ended by hand', () => {
  it.each([
    ['the record of the call', 'call:call-1'],
    ['the lease of the pod', 'lease:pod-g'],
  ])('does not come back when %s was deleted', async (_name, key) => {
    const grant = await t.granted('call-1', ['gold']);
    expect(await t.client.del(`${t.prefix}${key}`)).toBe(1);
    expect(await t.store.recovery.reassertCall({ callSid: 'call-1', grant, merchantId: '' })).toEqual({
      kind: 'ended',
    });
    expect(await t.store.reader.call('call-1')).toBeNull();
  });
});

describe('the mark of a grant that ended', () => {
  it('runs out by itself', async () => {
    const { number } = await t.granted('call-1', ['gold']);
    await t.store.calls.release('call-1');
    expect(await t.client.get(`${t.prefix}released:call-1`)).toBe(String(number));
    expect(await t.client.pttl(`${t.prefix}released:call-1`)).toBeGreaterThan(100_000);
    await t.advance(121_000);
    expect(await t.client.exists(`${t.prefix}released:call-1`)).toBe(0);
  });
});
