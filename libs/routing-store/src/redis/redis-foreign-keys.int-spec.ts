import type { RedisConnection } from '@smart-router/redis';
import { connectRedis } from '@smart-router/redis/testing';
import { type RedisProcess, startRedis } from '@smart-router/testbed';
import { StoreDamagedError, StoreUnavailableError } from '../domain/errors';
import { PATIENT_LIMITS } from '../testing/redis-harness';
import { EXCLUSIVE, openWorld, OPERATIONS, type Operation, type World } from '../testing/script-operations';
import { readKeys, recordCommands } from '../testing/stored-keys';
import { KEYS } from './key-names';
import { scriptCatalogue, type ScriptName } from './script-catalogue';

const SILENT = { info: () => undefined, warn: () => undefined };

let redis: RedisProcess;
let connection: RedisConnection;
beforeAll(async () => {
  redis = await startRedis();
  connection = await connectRedis({ url: redis.url, ...PATIENT_LIMITS, logger: SILENT });
});
afterAll(async () => {
  await connection?.close();
  await redis?.stop();
});

const client = () => connection.client;

const CASES = Object.entries(OPERATIONS).flatMap(([script, operations]) =>
  Object.entries(operations).map(([name, operation]) => ({ script: script as ScriptName, name, operation })),
);

/** Texts by which another program may have put a key of this type there. */
const FOREIGN: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
  string: (key) => client().set(key, 'foreign'),
  list: (key) => client().rpush(key, 'foreign', 'foreign'),
  hash: (key) => client().hset(key, 'foreign', '1'),
  set: (key) => client().sadd(key, 'foreign'),
  zset: (key) => client().zadd(key, 1, 'foreign'),
};

/** A list, which few keys are, and one that is near to what belongs there. */
function foreignTypes(ownType: string | undefined): string[] {
  const near = ownType === 'set' ? 'zset' : ownType === 'zset' ? 'set' : ownType === 'hash' ? 'string' : 'hash';
  return [ownType === 'list' ? 'string' : 'list', near];
}

/** Structures of a pool are a SET or a ZSET, whatever stands there now. */
function isAllowed(key: string, type: string): boolean {
  return /:(available|outgoing)$/.test(key) && (type === 'set' || type === 'zset');
}

type Keys = Readonly<Record<string, string>>;

function differences(from: Keys, to: Keys): string[] {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return names.filter((name) => from[name] !== to[name]).map((name) => `${name}: ${from[name]} > ${to[name]}`);
}

async function attempt(operation: Operation, world: World): Promise<unknown> {
  return operation.run(world).then(
    () => null,
    (error: unknown) => error,
  );
}

/** Runs it once with every key in order. @returns the keys that it touched, and the types of those that exist */
async function healthyRun(operation: Operation): Promise<{ keys: string[]; types: Keys }> {
  const world = await openWorld(connection);
  await operation.prepare?.(world);
  const before = await readKeys(client(), world.prefix);
  const commands = await recordCommands(redis.url, async () => {
    expect(await attempt(operation, world)).toBeNull();
  });
  const args = commands.flatMap((command) => command.args.slice(1)).filter((arg) => arg.startsWith(world.prefix));
  const names = new Set(args.map((arg) => arg.slice(world.prefix.length)));
  const keys = [...names].filter((name) => name !== '' && !name.startsWith('hint:') && !name.endsWith(':swap'));
  const all = { ...(await readKeys(client(), world.prefix)), ...before };
  const types = Object.entries(all).map(([key, text]) => [key, text.split(' ', 1)[0] ?? ''] as const);
  return { keys, types: Object.fromEntries(types) };
}

/** What is half done, or refused with another error than the one for it, where `key` has this type. */
async function halfDone(operation: Operation, key: string, type: string): Promise<object | null> {
  const world = await openWorld(connection);
  await operation.prepare?.(world);
  await client().del(world.prefix + key);
  await FOREIGN[type]?.(world.prefix + key);
  const before = await readKeys(client(), world.prefix);
  const error = await attempt(operation, world);
  const changed = differences(before, await readKeys(client(), world.prefix));
  // Whatever stands under the mark of a hold, is one: then there are no new grants.
  const isReported =
    error instanceof StoreDamagedError || (key === 'era:hold' && error instanceof StoreUnavailableError);
  if (error === null || (isReported && changed.length === 0)) return null;
  return { key, type, error: String(error), changed };
}

describe('a key of another type', () => {
  it.each(CASES)('leaves nothing half done when $script: $name', async ({ operation }) => {
    const { keys, types } = await healthyRun(operation);
    expect(keys.length).toBeGreaterThan(0);
    const found: (object | null)[] = [];
    for (const key of keys) {
      const foreign = foreignTypes(types[key]).filter((type) => !isAllowed(key, type));
      for (const type of foreign) found.push(await halfDone(operation, key, type));
    }
    expect(found.filter((one) => one !== null)).toEqual([]);
  });

  it.each(['pod:pod-i', 'pods:draining', 'pool:gold:draining'])(
    'lets the sweep pass over a drain that ran out as long as %s is one, and end it afterwards',
    async (name) => {
      const world = await openWorld(connection);
      const key = world.prefix + name;
      await world.t.store.drains.drain('pod-i');
      await client().del(`${world.prefix}pod:draining:pod-i`);
      await client().zadd(`${world.prefix}pods:draining`, 1, 'pod-i');
      await client().rename(key, `${key}:kept`);
      await client().rpush(key, 'foreign');
      const before = await readKeys(client(), world.prefix);
      const sweep = () => world.t.store.pods.expireLeases(world.t.epoch, 10);
      const swept = await sweep().catch(() => ({ endedDrains: [] }));
      expect(swept.endedDrains).toEqual([]);
      expect(differences(before, await readKeys(client(), world.prefix))).toEqual([]);
      await client().rename(`${key}:kept`, key);
      expect((await sweep()).endedDrains).toEqual(['pod-i']);
    },
  );

  it('keeps a call from the pod whose lease it is, and stays for the leader', async () => {
    const world = await openWorld(connection);
    await client().rpush(`${world.prefix}lease:pod-i`, 'foreign');
    expect(await world.t.allocate('new', ['gold'])).toMatchObject({ kind: 'no-capacity' });
    expect(await client().type(`${world.prefix}lease:pod-i`)).toBe('list');
  });

  it('keeps the leader from no pod when it stands in place of the numbers of grants', async () => {
    const { t, prefix } = await openWorld(connection);
    await client().del(`${prefix}calls:granted`);
    await client().rpush(`${prefix}calls:granted`, 'foreign');
    expect(await t.store.pods.repairPod(t.epoch, 'pod-g')).toMatchObject({ kind: 'repaired' });
    expect(await t.register('pod-new', 'gold')).toMatchObject({ kind: 'added' });
    expect(await t.store.pods.removePod(t.epoch, 'pod-g')).toEqual({ kind: 'removed', endedCalls: ['call-g'] });
  });

  it('is asked of every script', async () => {
    expect(Object.keys(OPERATIONS).sort()).toEqual(Object.keys(scriptCatalogue('')).sort());
  });
});

/** What a leader does in each pass, with a source that has all three pods, and every process once a second. */
async function leaderPass({ t }: World): Promise<void> {
  await t.store.pods.configurePool(t.epoch, 'gold', EXCLUSIVE);
  await t.store.pods.configurePool(t.epoch, 'basic', { type: 'shared', maxConcurrent: 2 });
  const { items } = await t.store.reader.pods({ limit: 10 });
  for (const [podName, pool] of [
    ['pod-g', 'gold'],
    ['pod-i', 'gold'],
    ['pod-b', 'basic'],
  ] as const) {
    const isKnown = items.some((pod) => pod.podName === podName && pod.incarnation === 'first');
    if (!isKnown) await t.register(podName, pool);
    await t.store.pods.repairPod(t.epoch, podName);
  }
  await t.store.recovery.checkGeneration({ member: null, known: null, phase: 'everything', liveMembers: [] });
}

/** They cannot be rebuilt: nothing else holds the same. The leader leaves them to operators, and says so. */
const NOT_REPAIRED = ['calls:granted', 'leader:epoch', 'leader:epoch:next'];
/** Quarantined when a connection asks which store it has, and not by the leader. */
const IDENTIFIED = ['instance'];

/** What a key must hold again: of a call's record the pod, of a pod's calls their order, of descriptions nothing. */
function essence([key, text]: [string, string]): [string, string] {
  if (key.startsWith('call:')) return [key, /"pod_name","[^"]+"/.exec(text)?.[0] ?? text];
  if (key.startsWith('pod:calls:')) return [key, text.replace(/,"\d+"/g, '')];
  return [key, key === 'pod:metadata' || key === 'calls:granted' ? '' : text];
}

const essential = (keys: Keys): Keys =>
  Object.fromEntries(
    Object.entries({ 'pod:metadata': '', ...keys })
      .filter(([name]) => !name.startsWith('foreign:'))
      .map(essence),
  );

describe('a foreign key in a fleet with calls', () => {
  it('is quarantined when a pool is configured, also where nothing of the fleet stood', async () => {
    const { pools, pods, drains, leaseEnds, callPods, podMetadata, generation, hold, members, reported } = KEYS;
    const keys = [pools, pods, drains, leaseEnds, callPods, podMetadata, generation, hold, members, reported];
    const left: string[] = [];
    for (const key of [
      ...keys.map(({ name }) => name),
      ...['assigned', 'calls', 'draining'].map((of) => `pool:gold:${of}`),
    ]) {
      const { t, prefix } = await openWorld(connection);
      await client().del(prefix + key);
      await client().rpush(prefix + key, 'foreign');
      await t.store.pods.configurePool(t.epoch, 'gold', EXCLUSIVE);
      if ((await client().exists(`${prefix}foreign:${key}`)) === 0) left.push(key);
    }
    expect(left).toEqual([]);
  });

  it('is quarantined by the leader, and nothing of the fleet is lost', async () => {
    const untouched = await readKeys(client(), (await openWorld(connection)).prefix);
    const lost: unknown[] = [];
    for (const key of Object.keys(untouched).filter((name) => ![...NOT_REPAIRED, ...IDENTIFIED].includes(name))) {
      const world = await openWorld(connection);
      await client().del(world.prefix + key);
      await client().rpush(world.prefix + key, 'foreign');
      const error = await leaderPass(world).catch(String);
      const keys = await readKeys(client(), world.prefix);
      const quarantined = Object.keys(keys).filter((name) => name.startsWith('foreign:'));
      const changed = differences(essential(untouched), essential(keys));
      if (error || changed.length > 0 || quarantined.join() !== `foreign:${key}`)
        lost.push({ key, error, changed, quarantined });
    }
    expect(lost).toEqual([]);
  });
});
