import { connectRedis } from '@smart-router/redis/testing';
import { askRedis, type RedisProcess, startRedis, waitFor } from '@smart-router/testbed';
import { StoreUnavailableError } from '../domain/errors';
import type { RoutingStore } from '../domain/routing-store';
import { NOOP_OBSERVER } from '../domain/store-observer';
import { PATIENT_LIMITS } from '../testing/redis-harness';
import type { StoreHarness } from '../testing/store-harness';
import { StoreUnderTest, TEST_TIMINGS } from '../testing/store-harness';
import { RedisRoutingStore } from './redis-routing-store';

const SILENT = { info: () => undefined, warn: () => undefined };

let master: RedisProcess;
let replica: RedisProcess;
let unconfirmed: number;
/** Waits for the replica as long as a busy machine may take. */
let t: StoreUnderTest;
/** The same store for one who waits no longer than a moment. */
let hurried: RoutingStore;

beforeAll(async () => {
  master = await startRedis();
  replica = await startRedis({ args: ['--replicaof', `127.0.0.1 ${master.port}`] });
  const isInStep = async () => (await askRedis(master.port, 'INFO replication')).includes('state=online');
  await waitFor(isInStep, { timeoutMs: 20_000, description: 'the replica to be in step' });
}, 60_000);
afterAll(async () => {
  await replica?.kill();
  await master?.kill();
});

async function openStore(timeoutMs: number): Promise<RoutingStore> {
  const connection = await connectRedis({ url: master.url, ...PATIENT_LIMITS, logger: SILENT });
  return new RedisRoutingStore(connection, {
    keyPrefix: 'voice:',
    timings: TEST_TIMINGS,
    replication: { replicas: 1, timeoutMs },
    observer: { ...NOOP_OBSERVER, writeUnconfirmed: () => unconfirmed++ },
  });
}

async function openHarness(): Promise<StoreHarness> {
  const store = await openStore(4_000);
  return { store, advance: () => Promise.reject(new Error('time is not moved here')), close: () => store.close() };
}

beforeEach(async () => {
  unconfirmed = 0;
  await askRedis(master.port, 'FLUSHALL');
  t = await StoreUnderTest.open(openHarness);
  hurried = await openStore(100);
  await t.register('pod-g', 'gold');
});
afterEach(async () => {
  replica.resume();
  await Promise.all([t.close(), hurried.close()]);
});

it('acknowledges what a replica has', async () => {
  await t.granted('call-1', ['gold']);
  expect(await askRedis(replica.port, 'HGET voice:call:call-1 pod_name')).toBe('pod-g');
  await t.store.calls.release('call-1');
  expect(await askRedis(replica.port, 'EXISTS voice:call:call-1')).toBe('0');
  expect(unconfirmed).toBe(0);
});

it('acknowledges a first script that Redis did not know when a replica has its effect', async () => {
  await askRedis(master.port, 'SCRIPT FLUSH');
  await t.granted('call-1', ['gold']);
  expect(await askRedis(replica.port, 'HGET voice:call:call-1 pod_name')).toBe('pod-g');
});

it('leaves the outcome open when no replica has it in time, and gives the same pod when repeated', async () => {
  replica.pause();
  const allocate = () =>
    hurried.calls.allocate({ callSid: 'call-1', merchantId: '', knownMerchantConfig: null, chain: ['gold'] });
  await expect(allocate()).rejects.toBeInstanceOf(StoreUnavailableError);
  // A grant that was made before does not count either until a replica has it.
  await expect(allocate()).rejects.toBeInstanceOf(StoreUnavailableError);
  expect(unconfirmed).toBe(2);
  replica.resume();

  const repeat = () => t.allocate('call-1', ['gold']).catch(() => null);
  const outcome = await waitFor(repeat, { timeoutMs: 20_000, description: 'the replica to be back' });

  expect(outcome).toMatchObject({ kind: 'existing', grant: { podName: 'pod-g' } });
});

it.each([
  ['release', () => hurried.calls.release('call-1')],
  ['endCall', () => hurried.calls.endCall({ callSid: 'call-1', owners: ['api'] })],
  ['heartbeat', () => hurried.calls.heartbeat('call-1')],
  ['drain', () => hurried.drains.drain('pod-g')],
  ['undrain', () => hurried.drains.undrain('pod-g')],
])('leaves the outcome of %s open when no replica has it in time', async (_name, operation) => {
  await t.granted('call-1', ['gold']);
  replica.pause();
  await expect(operation()).rejects.toBeInstanceOf(StoreUnavailableError);
});

it('refuses a call when no replica answers', async () => {
  await t.granted('call-1', ['gold']);
  await t.store.calls.endCall({ callSid: 'ended', owners: ['api'] });
  replica.pause();
  const refused = (callSid: string) =>
    hurried.calls.allocate({ callSid, merchantId: '', knownMerchantConfig: null, chain: ['gold'] });
  expect(await refused('call-2')).toMatchObject({ kind: 'no-capacity' });
  expect(await refused('ended')).toEqual({ kind: 'call-ended' });
  expect(await hurried.calls.endCall({ callSid: 'call-1', owners: ['exotel'] })).toEqual({ kind: 'foreign-call' });
  expect(unconfirmed).toBe(0);
});

it('continues to read and register pods when no replica answers', async () => {
  replica.pause();
  await t.register('pod-2', 'gold');
  expect(await t.store.reader.pod('pod-2')).toMatchObject({ pool: 'gold' });
});
