import type { RedisClient, RedisConnection } from '@smart-router/redis';
import { NOOP_OBSERVER } from '../domain/store-observer';
import { keyNames } from '../redis/key-names';
import { RedisRoutingStore } from '../redis/redis-routing-store';
import { RedisStoreAccess } from '../redis/redis-store-access';
import { scriptCatalogue, type ScriptName } from '../redis/script-catalogue';
import { OPERATOR, setMerchantConfig, TIER_CONFIG_PUT } from './configuration';
import { StoreUnderTest, TEST_TIMINGS } from './store-harness';

let prefixes = 0;

/** A small fleet under a prefix of its own. */
export interface World {
  readonly client: RedisClient;
  readonly t: StoreUnderTest;
  readonly prefix: string;
}

/** One way to run a script, through the store. */
export interface Operation {
  readonly prepare?: (world: World) => Promise<unknown>;
  readonly run: (world: World) => Promise<unknown>;
}

/** `pod-g` with one call and `pod-i` idle in gold, `pod-b` with two calls in basic. */
export async function openWorld(connection: RedisConnection): Promise<World> {
  const prefix = `foreign-${++prefixes}:`;
  const store = new RedisRoutingStore(connection, { keyPrefix: prefix, timings: TEST_TIMINGS });
  const t = await StoreUnderTest.open(async () => ({
    store,
    advance: () => Promise.reject(new Error('not here')),
    close: () => Promise.resolve(),
  }));
  await t.register('pod-g', 'gold');
  await t.granted('call-g', ['gold']);
  await t.register('pod-i', 'gold');
  await t.register('pod-b', 'basic');
  await t.granted('call-1', ['basic']);
  await t.granted('call-2', ['basic']);
  return { t, prefix, client: connection.client };
}

/** Lets the leases of these calls have run out. */
const expire = ({ client, prefix }: World, ...calls: string[]) =>
  Promise.all(calls.map((call) => client.zadd(`${prefix}calls:expiry`, 1, call)));

/** A grant of the idle pod. */
const reassert = ({ store }: StoreUnderTest, callSid: string) =>
  store.recovery.reassertCall({
    callSid,
    grant: { podName: 'pod-i', pool: 'gold', allocatedAt: 1_700_000_000, number: 7 },
    merchantId: '',
  });

export const EXCLUSIVE = { type: 'exclusive', maxConcurrent: 1 } as const;

const unlist = ({ client, prefix }: World): Promise<unknown> => client.zrem(`${prefix}pods`, 'pod-b');

const checkAtStart = ({ t }: World): Promise<unknown> =>
  t.store.recovery.checkGeneration({ member: 'me', known: null, phase: 'everything', liveMembers: ['other'] });

/** What every script is asked to do, in the situations in which it writes other keys. */
export const OPERATIONS: Readonly<Record<ScriptName, Readonly<Record<string, Operation>>>> = {
  allocate: {
    'takes an idle pod': { run: ({ t }) => t.allocate('new', ['gold']) },
    'takes a shared pod': {
      prepare: ({ t }) => t.store.calls.release('call-2'),
      run: ({ t }) => t.allocate('new', ['basic']),
    },
    'finds the call': { run: ({ t }) => t.allocate('call-g', ['gold']) },
    'finds a call whose lease ran out': {
      prepare: (world) => expire(world, 'call-g'),
      run: ({ t }) => t.allocate('call-g', ['gold']),
    },
    'begins a call anew': {
      prepare: ({ client, prefix }) => client.del(`${prefix}call:call-g`),
      run: ({ t }) => t.allocate('call-g', ['gold']),
    },
    'takes a shared pod whose lease was lost': {
      prepare: async ({ t, client, prefix }) => {
        await t.store.calls.release('call-2');
        await client.del(`${prefix}lease:pod-b`);
      },
      run: ({ t }) => t.allocate('new', ['basic']),
    },
    'meets a pod that drains': {
      prepare: ({ client, prefix }) => client.set(`${prefix}pod:draining:pod-i`, '1', 'EX', 60),
      run: ({ t }) => t.allocate('new', ['gold']),
    },
  },
  release: {
    'the only call': { run: ({ t }) => t.store.calls.release('call-g') },
    'the latest of two calls': { run: ({ t }) => t.store.calls.release('call-2') },
    'the oldest of two calls': { run: ({ t }) => t.store.calls.release('call-1') },
    'a call of a pod whose lease was lost': {
      prepare: ({ client, prefix }) => client.del(`${prefix}lease:pod-b`),
      run: ({ t }) => t.store.calls.release('call-1'),
    },
  },
  endCall: {
    'an unknown call': {
      run: ({ t }) => t.store.calls.endCall({ callSid: 'new', owners: ['twilio', 'api'], maxUnknown: 9 }),
    },
    'a live call': { run: ({ t }) => t.store.calls.endCall({ callSid: 'call-g', owners: ['api'] }) },
  },
  heartbeat: {
    'of a live call': { run: ({ t }) => t.store.calls.heartbeat('call-1') },
    'of a call of which all ran out': {
      prepare: async (world) => {
        await expire(world, 'call-1', 'call-2');
        await world.client.del(`${world.prefix}call:call-1`, `${world.prefix}lease:pod-b`);
      },
      run: ({ t }) => t.store.calls.heartbeat('call-1'),
    },
  },
  drain: {
    'a busy pod': { run: ({ t }) => t.store.drains.drain('pod-b') },
    'by an operator': { run: ({ t }) => t.store.drains.drain('pod-b', { by: OPERATOR }) },
    'a pod without an end': { run: ({ t }) => t.store.drains.drain('pod-b', { lasts: 'until-undrained' }) },
  },
  undrain: {
    'a busy pod': {
      prepare: ({ t }) => t.store.drains.drain('pod-b'),
      run: ({ t }) => t.store.drains.undrain('pod-b'),
    },
    'by an operator': {
      prepare: ({ t }) => t.store.drains.drain('pod-b'),
      run: ({ t }) => t.store.drains.undrain('pod-b', { by: OPERATOR }),
    },
  },
  registerPod: {
    'a pod that terminates': { run: ({ t }) => t.register('pod-b', 'basic', { ready: false, terminating: true }) },
    'a new pod': { run: ({ t }) => t.register('pod-n', 'gold') },
    'a known pod': { run: ({ t }) => t.register('pod-b', 'basic', { ready: false }) },
    'a restarted pod': {
      prepare: ({ t }) => t.store.drains.drain('pod-b'),
      run: ({ t }) => t.register('pod-b', 'basic', { incarnation: 'second' }),
    },
  },
  removePod: {
    'with calls and a drain': {
      prepare: ({ t }) => t.store.drains.drain('pod-b'),
      run: ({ t }) => t.store.pods.removePod(t.epoch, 'pod-b', 'first'),
    },
  },
  movePod: {
    'with its calls': {
      prepare: ({ t }) => t.store.drains.drain('pod-b'),
      run: ({ t }) => t.store.pods.movePod(t.epoch, 'pod-b', 'gold', { onlyIdle: false }),
    },
  },
  configurePool: {
    'as it is': { run: ({ t }) => t.store.pods.configurePool(t.epoch, 'gold', EXCLUSIVE) },
    'with another type': {
      run: ({ t }) => t.store.pods.configurePool(t.epoch, 'gold', { type: 'shared', maxConcurrent: 2 }),
    },
    'with its former type': {
      prepare: ({ t }) => t.store.pods.configurePool(t.epoch, 'gold', { type: 'shared', maxConcurrent: 2 }),
      run: ({ t }) => t.store.pods.configurePool(t.epoch, 'gold', EXCLUSIVE),
    },
  },
  removePool: {
    'without pods': {
      prepare: ({ t }) => t.store.pods.configurePool(t.epoch, 'silver', EXCLUSIVE),
      run: ({ t }) => t.store.pods.removePool(t.epoch, 'silver'),
    },
  },
  repairPod: {
    'in order': { run: ({ t }) => t.store.pods.repairPod(t.epoch, 'pod-b') },
    'with a lost lease and a drain': {
      prepare: async ({ t, client, prefix }) => {
        await t.store.drains.drain('pod-b');
        await client.del(`${prefix}lease:pod-b`);
      },
      run: ({ t }) => t.store.pods.repairPod(t.epoch, 'pod-b'),
    },
    'without its pool': {
      prepare: ({ client, prefix }) => client.del(`${prefix}pod:tier:pod-b`),
      run: ({ t }) => t.store.pods.repairPod(t.epoch, 'pod-b'),
    },
  },
  sweepPool: {
    'with foreign members': {
      prepare: ({ client, prefix }) => client.sadd(`${prefix}pool:gold:assigned`, 'foreign-1', 'foreign-2', 'pod-b'),
      run: ({ t }) => t.store.pods.sweepPool(t.epoch, 'gold', '1/0'),
    },
    'with calls of others': {
      prepare: ({ client, prefix }) => client.sadd(`${prefix}pool:gold:calls`, 'foreign-1', 'call-1'),
      run: ({ t }) => t.store.pods.sweepPool(t.epoch, 'gold', '5/0'),
    },
  },
  sweepIndexes: {
    'of calls by lease': {
      prepare: ({ client, prefix }) => client.zadd(`${prefix}calls:expiry`, 1, 'foreign-1'),
      run: ({ t }) => t.store.pods.sweepIndexes(t.epoch, null),
    },
    'of calls by pod': {
      prepare: ({ client, prefix }) => client.hset(`${prefix}calls:pod`, 'foreign-1', 'pod-i'),
      run: ({ t }) => t.store.pods.sweepIndexes(t.epoch, '2/0'),
    },
    'of drains': {
      prepare: ({ client, prefix }) => client.zadd(`${prefix}pods:draining`, 1, 'foreign-1'),
      run: ({ t }) => t.store.pods.sweepIndexes(t.epoch, '3/0'),
    },
    'of metadata': {
      prepare: ({ client, prefix }) => client.hset(`${prefix}pod:metadata`, 'foreign-1', '{}'),
      run: ({ t }) => t.store.pods.sweepIndexes(t.epoch, '4/0'),
    },
    'of a pod that is not listed': { prepare: unlist, run: ({ t }) => t.store.pods.sweepIndexes(t.epoch, null) },
    'of a pod that is not listed, and then of a call by lease': {
      prepare: (world) => unlist(world).then(() => world.client.zadd(`${world.prefix}calls:expiry`, '+inf', 'foreign')),
      run: ({ t }) => t.store.pods.sweepIndexes(t.epoch, null),
    },
    'of a pod that is not listed, and then of a call by pod': {
      prepare: (world) => unlist(world).then(() => world.client.hset(`${world.prefix}calls:pod`, 'foreign', 'pod-i')),
      // In the middle of the index, where its length is not asked for. So small a hash is read as a whole all the same.
      run: ({ t }) => t.store.pods.sweepIndexes(t.epoch, '2/7'),
    },
  },
  expireLeases: {
    'of calls': {
      prepare: (world) => expire(world, 'call-1', 'call-g', 'nobody'),
      run: ({ t }) => t.store.pods.expireLeases(t.epoch, 10),
    },
    'of drains': {
      prepare: async ({ t, client, prefix }) => {
        for (const pod of ['pod-b', 'pod-i']) await t.store.drains.drain(pod);
        await client.del(`${prefix}pod:draining:pod-b`);
        await client.zadd(`${prefix}pods:draining`, 1, 'pod-b', 1, 'pod-i');
      },
      run: ({ t }) => t.store.pods.expireLeases(t.epoch, 10),
    },
  },
  claimEpoch: { 'for a term': { run: ({ t }) => t.store.leadership.claimEpoch() } },
  announceLeader: { 'at first': { run: ({ t }) => t.store.leadership.announceLeader(t.epoch, 'me', 10_000) } },
  resignLeader: {
    'after its term': {
      prepare: ({ t }) => t.store.leadership.announceLeader(t.epoch, 'me', 10_000),
      run: ({ t }) => t.store.leadership.resignLeader(t.epoch),
    },
  },
  readLease: { 'of nobody': { run: ({ t }) => t.store.lease.readLease() } },
  identifyStore: {
    'of a store without a mark': {
      run: async ({ client, prefix }) => {
        const access = new RedisStoreAccess({
          connection: { client, outage: null },
          keys: keyNames(prefix),
          catalogue: scriptCatalogue(prefix),
          observer: NOOP_OBSERVER,
          holdsAfterLoss: true,
        });
        await access.identify('mine');
      },
    },
  },
  replaceLease: { 'of nobody': { run: ({ t }) => t.store.lease.replaceLease(null, 'mine') } },
  replaceTierConfig: {
    'with a newer one': {
      prepare: ({ t }) => t.store.documents.replaceTierConfig(null, 'one', 1, TIER_CONFIG_PUT),
      run: ({ t }) => t.store.documents.replaceTierConfig('one', 'two', 2, TIER_CONFIG_PUT),
    },
  },
  changeMerchantConfig: {
    'for the first time': { run: ({ t }) => setMerchantConfig(t.store, 'acme', '{}') },
    'in place of another one': {
      prepare: ({ t }) => setMerchantConfig(t.store, 'acme', '{}'),
      run: ({ t }) => setMerchantConfig(t.store, 'acme', '{"tier":"gold"}'),
    },
    away: {
      prepare: ({ client, prefix }) => client.hset(`${prefix}merchant:config`, 'acme', 'by hand'),
      run: ({ t }) => setMerchantConfig(t.store, 'acme', null),
    },
  },
  readMerchantConfig: {
    'with its history': {
      prepare: ({ t }) => setMerchantConfig(t.store, 'acme', '{}'),
      run: ({ t }) => t.store.documents.merchantConfigHistory('acme'),
    },
  },
  checkGeneration: {
    'at a start': { run: checkAtStart },
    'of a store that has lost its generation': {
      prepare: (world) => checkAtStart(world).then(() => world.client.del(`${world.prefix}era`)),
      run: checkAtStart,
    },
    'while calls are held': {
      prepare: ({ client, prefix }) => client.set(`${prefix}era:hold`, '1'),
      run: checkAtStart,
    },
  },
  abandonGrant: {
    'of a call that lives': {
      run: ({ t }) => t.store.recovery.abandonGrant({ callSid: 'call-g', request: 'request-g' }),
    },
  },
  reassertCall: {
    'that was lost': { run: ({ t }) => reassert(t, 'lost') },
    'of a call that held another pod': {
      prepare: ({ client, prefix }) => client.del(`${prefix}call:call-g`),
      run: ({ t }) => reassert(t, 'call-g'),
    },
  },
  reassertRelease: {
    'that was lost': {
      run: ({ t }) => t.store.recovery.reassertRelease({ callSid: 'call-g', upToNumber: Number.MAX_SAFE_INTEGER }),
    },
  },
  findSuspects: { 'of all pods': { run: ({ t }) => t.store.pods.findSuspects(null) } },
  fleetStats: { 'of all pools': { run: ({ t }) => t.store.reader.fleetStats() } },
  listCalls: { 'all of them': { run: ({ t }) => t.store.reader.calls({ limit: 10 }) } },
  listPods: { 'all of them': { run: ({ t }) => t.store.reader.pods({ limit: 10 }) } },
  readCall: { 'that lives': { run: ({ t }) => t.store.reader.call('call-1') } },
  readConditions: { 'of all pods': { run: ({ t }) => t.store.reader.fleetConditions() } },
  readPod: { 'with calls': { run: ({ t }) => t.store.reader.pod('pod-b') } },
};
