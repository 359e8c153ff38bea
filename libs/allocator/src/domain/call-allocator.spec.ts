import { setMerchantConfig } from '@smart-router/routing-store/testing';
import { type AllocateCommand, type AllocateOutcome, StoreUnavailableError } from '@smart-router/routing-store';
import { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import { ChainResolver, initialTierConfig } from '@smart-router/tier-config';
import { RecordingObserver, storeWith } from '../testing/fleet-setup';
import { CallAllocator } from './call-allocator';
import { compileMediaAddress } from './ws-url-template';

const GOLD = '{"tier":"gold"}';
const CALL = { callSid: 'CA1', merchantId: '' };

type Allocate = (command: AllocateCommand) => Promise<AllocateOutcome>;

interface Setup {
  readonly allocator: CallAllocator;
  readonly observer: RecordingObserver;
  /** What the store was asked, one entry per round trip. */
  readonly asked: AllocateCommand[];
}

function setup(allocate: Allocate): Setup {
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const tierConfig = initialTierConfig('{"gold":1,"standard":1}');
  const chains = new ChainResolver({
    tierConfig: { current: () => tierConfig },
    logger: quiet,
    observer: {
      configAdopted: () => undefined,
      configRejected: () => undefined,
      configDiverges: () => undefined,
      merchantConfigMalformed: () => undefined,
      unknownTierSkipped: () => undefined,
    },
  });
  const asked: AllocateCommand[] = [];
  const observer = new RecordingObserver();
  let nowMs = 1_000;
  const allocator = new CallAllocator({
    calls: {
      allocate: (command) => {
        asked.push(command);
        nowMs += 5;
        return allocate(command);
      },
    },
    chains,
    mediaAddress: compileMediaAddress({
      baseUrl: 'ws://h',
      template: '{base_url}/{provider}/{flow}/{template}/{merchant_id}/{pod_name}/{call_sid}',
      templatesByFlow: {},
      defaults: {},
      parameters: { pod: '{pod_name}' },
    }),
    observer,
    monotonicMs: () => nowMs,
  });
  return { allocator, observer, asked };
}

function over(store: MemoryRoutingStore): Setup {
  return setup((command) => store.calls.allocate(command));
}

describe('CallAllocator', () => {
  it('returns the pod, its pool and the media URL', async () => {
    const store = await storeWith({ 'pod-0': 'standard' });
    const { allocator } = over(store);
    const request = { callSid: 'CA1', merchantId: 'acme', provider: 'twilio', flow: 'in', template: 'a b' };

    expect(await allocator.allocate(request)).toEqual({
      kind: 'allocated',
      podName: 'pod-0',
      wsUrl: 'ws://h/twilio/in/a%20b/acme/pod-0/CA1',
      parameters: { pod: 'pod-0' },
      sourcePool: 'pool:standard',
      wasExisting: false,
      allocatedAt: (await store.reader.call('CA1'))?.allocatedAt,
    });
  });

  it('returns the same pod again when the call has one', async () => {
    const { allocator } = over(await storeWith({ 'pod-0': 'standard', 'pod-1': 'standard' }));
    const first = await allocator.allocate(CALL);

    expect(await allocator.allocate(CALL)).toEqual({ ...first, wasExisting: true });
  });

  it('returns no capacity when no pool of the chain has a free pod', async () => {
    const { allocator } = over(await storeWith({ 'pod-0': 'gold' }));

    expect(await allocator.allocate(CALL)).toEqual({
      kind: 'no-capacity',
      reason: 'unknown_pool',
      attempts: [{ pool: 'standard', outcome: 'unknown_pool' }],
    });
  });

  it('returns that the call has ended when a status callback came first', async () => {
    const store = await storeWith({ 'pod-0': 'standard' });
    await store.calls.endCall({ callSid: 'CA1', owners: ['api'] });

    expect(await over(store).allocator.allocate(CALL)).toEqual({ kind: 'call-ended' });
  });

  it('names the pool of a merchant', async () => {
    const store = await storeWith({ 'pod-0': 'merchant:acme' });
    await setMerchantConfig(store, 'acme', '{"pool":"acme"}');

    expect(await over(store).allocator.allocate({ callSid: 'CA1', merchantId: 'acme' })).toMatchObject({
      podName: 'pod-0',
      sourcePool: 'merchant:acme',
    });
  });

  it('passes on to the store who asked', async () => {
    const store = await storeWith({ 'pod-0': 'standard' });
    await over(store).allocator.allocate({ ...CALL, provider: 'plivo' });

    expect((await store.reader.call('CA1'))?.provider).toBe('plivo');
  });
});

describe('CallAllocator: merchant configs', () => {
  it('takes one round trip when the merchant has no config', async () => {
    const { allocator, asked } = over(await storeWith({ 'pod-0': 'standard' }));
    await allocator.allocate({ callSid: 'CA1', merchantId: 'acme' });

    expect(asked).toHaveLength(1);
  });

  it('learns a config on the first call and takes one round trip from then on', async () => {
    const store = await storeWith({ 'pod-0': 'gold', 'pod-1': 'gold' });
    await setMerchantConfig(store, 'acme', GOLD);
    const { allocator, asked } = over(store);

    expect(await allocator.allocate({ callSid: 'CA1', merchantId: 'acme' })).toMatchObject({ sourcePool: 'pool:gold' });
    await allocator.allocate({ callSid: 'CA2', merchantId: 'acme' });
    expect(asked.map(({ callSid }) => callSid)).toEqual(['CA1', 'CA1', 'CA2']);
  });

  it('follows a change on the very next call', async () => {
    const store = await storeWith({ 'pod-0': 'gold', 'pod-1': 'standard' });
    const { allocator } = over(store);
    await setMerchantConfig(store, 'acme', GOLD);
    await allocator.allocate({ callSid: 'CA1', merchantId: 'acme' });
    await setMerchantConfig(store, 'acme', '{"tier":"standard"}');

    expect(await allocator.allocate({ callSid: 'CA2', merchantId: 'acme' })).toMatchObject({
      sourcePool: 'pool:standard',
    });
  });

  it('follows a removal on the very next call', async () => {
    const store = await storeWith({ 'pod-0': 'gold', 'pod-1': 'gold' });
    const { allocator } = over(store);
    await setMerchantConfig(store, 'acme', GOLD);
    await allocator.allocate({ callSid: 'CA1', merchantId: 'acme' });
    await setMerchantConfig(store, 'acme', null);

    expect(await allocator.allocate({ callSid: 'CA2', merchantId: 'acme' })).toMatchObject({ kind: 'no-capacity' });
  });

  it('places the call by the default chain when the config is malformed', async () => {
    const store = await storeWith({ 'pod-0': 'standard' });
    await setMerchantConfig(store, 'acme', '{broken');

    expect(await over(store).allocator.allocate({ callSid: 'CA1', merchantId: 'acme' })).toMatchObject({
      sourcePool: 'pool:standard',
    });
  });

  it('gives up after three round trips when the config changes on each', async () => {
    let change = 0;
    const { allocator, asked } = setup(async () => {
      change += 1;
      return { kind: 'merchant-config-changed', merchantConfig: `{"pool":"p${change}"}` };
    });

    await expect(allocator.allocate({ callSid: 'CA1', merchantId: 'acme' })).rejects.toThrow(StoreUnavailableError);
    expect(asked.map(({ chain }) => chain[0])).toEqual(['standard', 'merchant:p1', 'merchant:p2']);
  });
});

describe('CallAllocator: observation', () => {
  it('reports the pool, the time and the depth of a new allocation', async () => {
    const { allocator, observer } = over(await storeWith({ 'pod-0': 'standard' }));
    await allocator.allocate(CALL);

    expect(observer.allocations).toEqual([
      { status: 'allocated', pool: 'pool:standard', durationMs: 5, chainDepth: 1 },
    ]);
  });

  it('counts the time of all round trips and the pools that were skipped', async () => {
    const store = await storeWith({ 'pod-0': 'standard' });
    await setMerchantConfig(store, 'acme', GOLD);
    const { allocator, observer } = over(store);
    await allocator.allocate({ callSid: 'CA1', merchantId: 'acme' });

    expect(observer.allocations).toEqual([
      { status: 'allocated', pool: 'pool:standard', durationMs: 10, chainDepth: 2 },
    ]);
  });

  it('reports existing, no capacity and ended calls as different', async () => {
    const store = await storeWith({ 'pod-0': 'standard' });
    const { allocator, observer } = over(store);
    await store.calls.endCall({ callSid: 'CA3', owners: ['api'] });
    for (const callSid of ['CA1', 'CA1', 'CA2', 'CA3']) await allocator.allocate({ callSid, merchantId: '' });

    expect(observer.allocations.map(({ status, pool, chainDepth }) => [status, pool, chainDepth])).toEqual([
      ['allocated', 'pool:standard', 1],
      ['existing', 'pool:standard', null],
      ['no_capacity', null, 1],
      ['call_ended', null, null],
    ]);
  });

  it('names the first pool of a refused call, and what came nearest to a pod', async () => {
    const store = await storeWith({ 'pod-0': 'standard', 'pod-1': 'merchant:acme' });
    const { allocator, observer } = over(store);
    for (const pod of ['pod-0', 'pod-1']) await store.drains.drain(pod);
    await setMerchantConfig(store, 'acme', '{"pool":"acme","fallback":["gold"]}');
    await setMerchantConfig(store, 'unconfigured', '{"pool":"nowhere"}');
    for (const merchantId of ['', 'acme', 'unconfigured']) await allocator.allocate({ callSid: 'CA1', merchantId });

    expect(observer.refusals).toEqual([
      { firstPool: 'standard', reason: 'draining' },
      { firstPool: 'merchant:acme', reason: 'draining' },
      { firstPool: null, reason: 'draining' },
    ]);
  });

  it('names a tier of the config also where the store does not know it yet', async () => {
    const { allocator, observer } = over(await storeWith({}));
    await allocator.allocate(CALL);

    expect(observer.refusals).toEqual([{ firstPool: 'standard', reason: 'unknown_pool' }]);
  });

  it('reports a failure of the store once, and throws it', async () => {
    const failure = new StoreUnavailableError(new Error('cut off'));
    const { allocator, observer } = setup(() => Promise.reject(failure));

    await expect(allocator.allocate(CALL)).rejects.toBe(failure);
    expect(observer.allocations).toEqual([{ status: 'error', pool: null, durationMs: 5, chainDepth: null }]);
  });
});
