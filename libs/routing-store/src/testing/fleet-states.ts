import * as fc from 'fast-check';
import type { Redis } from 'ioredis';

/** Of every key of {@link fleetState}. Names hold what may end a text of Lua or a comment. */
export const PREFIX = "an'odd--{prefix}:";
// Few, so that what happens often concerns the same ones.
const CALLS = ['call-1', `a "call' `, 'call-3'];
const PODS = ['pod-1', 'pod-2'];
const POLICIES = { gold: 'exclusive:1', basic: 'shared:1', 'merchant:acme': 'shared:3' } as const;
const POOLS = Object.keys(POLICIES);
export const MERCHANT_CONFIG = '{"tier":"gold"}';

type Send = readonly (string | number)[];

/** One key that a hand has changed: what is done to it, and as what it is written anew where it has another type. */
interface Corruption {
  readonly key: string;
  readonly replaces: boolean;
  readonly command: Send;
}

/** A fleet: the pool of each pod, the calls it is given one after another, and what has happened to its keys then. */
export interface FleetState {
  readonly pods: readonly string[];
  readonly calls: readonly { readonly callSid: string; readonly pool: string; readonly provider: string }[];
  readonly corruptions: readonly Corruption[];
}

export const callSid = fc.constantFrom(...CALLS);
export const newOrKnownCallSid = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('call-4', 'call-5') },
  { weight: 1, arbitrary: callSid },
);
export const pool = fc.constantFrom(...POOLS);
export const chain = fc.oneof(
  { weight: 4, arbitrary: pool.map((name) => [name]) },
  { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom(...POOLS, 'nowhere'), { maxLength: 3 }) },
);
export const provider = fc.constantFrom('', 'twilio', 'Exotel');
export const owners = fc.constantFrom('', 'api', 'exotel', 'twilio api');

const pod = fc.constantFrom(...PODS);
const policy = fc.constantFrom('exclusive:1', 'exclusive:01', 'exclusive:2', 'shared:0', 'shared:007', 'shared:1x');
const key = (before: string, of: fc.Arbitrary<string> = fc.constant('')) => of.map((name) => PREFIX + before + name);
/** Before and after every number that is given now, one above all that are exact, and none. */
const number = fc.constantFrom('1700000000000000', '3000000000000000', '99000000000000000', 'odd');
const score = fc.constantFrom(0, 1, 2, 3, 1_700_000_000_000, -1, 0.5, 'inf', '-inf');
/** The lifetime that a hand gives a key. */
export const HAND_MS = 400_000_000;

type Likely = readonly [string, ...fc.Arbitrary<string | number>[]];
type LikelyOf = readonly [fc.Arbitrary<string>, ...Likely[]];

/** What is likely to be found under a key, whether or not it fits to the rest. */
const KEYS: readonly LikelyOf[] = [
  [key('era')],
  [key('era:hold'), ['SET', fc.constant('1')]],
  [key('pools'), ['HSET', pool, policy], ['HDEL', pool]],
  [key('merchant:config'), ['HSET', fc.constant('acme'), fc.constant('{}')], ['HDEL', fc.constant('acme')]],
  [key('calls:granted'), ['SET', number]],
  [key('calls:expiry'), ['ZADD', score, callSid], ['ZREM', callSid]],
  [key('calls:pod'), ['HSET', callSid, pod], ['HDEL', callSid]],
  [key('calls:past:ended'), ['SET', number]],
  [key('call:', callSid), ['HSET', fc.constantFrom('pod_name', 'provider'), pod], ['HDEL', fc.constant('pod_name')]],
  [key('ended:', newOrKnownCallSid), ['SET', fc.constantFrom('1', 'api=99000000000000', 'twilio=1')]],
  [key('released:', callSid), ['SET', number]],
  [key('past:', callSid), ['SET', fc.constant('{}')]],
  [key('pod:', pod), ['HSET', fc.constant('ready'), fc.constantFrom('0', '')], ['HDEL', fc.constant('ready')]],
  [key('pod:tier:', pod), ['SET', fc.constantFrom(...POOLS, 'nowhere')]],
  [key('pod:draining:', pod), ['SET', fc.constant('1')]],
  [key('pod:calls:', pod), ['ZADD', score, callSid], ['ZREM', callSid]],
  [key('lease:', pod), ['SET', callSid]],
];
const POOL_KEYS = ['pool:gold', 'pool:basic', 'merchant:acme'].flatMap((base): LikelyOf[] => [
  [key(`${base}:available`), ['SADD', pod], ['SREM', pod], ['ZADD', score, pod], ['ZREM', pod]],
  [key(`${base}:pods`), ['SADD', pod], ['ZADD', score, pod], ['ZREM', pod]],
  [key(`${base}:outgoing`), ['SADD', pod], ['ZADD', score, pod]],
  [key(`${base}:calls`), ['SADD', callSid], ['SREM', callSid]],
  [key(`${base}:assigned`), ['SREM', pod]],
]);
const LOST = [['DEL'], ['DEL'], ['DEL']] as const;
const MORTAL = ['PEXPIRE', fc.constant(HAND_MS)] as const;
const FOREIGN = [
  ['RPUSH', fc.constant('foreign')],
  ['SET', fc.constant('foreign')],
  ['HSET', fc.constant('foreign'), fc.constant('1')],
  ['SADD', pod],
  ['ZADD', score, pod],
] as const;

const changeOf = ([verb, ...args]: Likely): fc.Arbitrary<(key: string) => Send> =>
  fc.tuple(...args).map((texts) => (key) => [verb, key, ...texts]);

const corruptionOf = (keys: readonly LikelyOf[]): fc.Arbitrary<Corruption> =>
  fc.oneof(
    ...keys.map(([name, ...likely]) => {
      const changes = [...LOST, MORTAL, ...likely, ...likely, ...likely, ...FOREIGN].map(changeOf);
      return fc
        .tuple(name, fc.boolean(), fc.oneof(...changes))
        .map(([key, replaces, change]) => ({ key, replaces, command: change(key) }));
    }),
  );
const corruption = fc.oneof(
  { weight: 2, arbitrary: corruptionOf(KEYS) },
  { weight: 1, arbitrary: corruptionOf(POOL_KEYS) },
);

const changed = (name: string, verb: string, ...args: Send): Corruption => {
  return { key: PREFIX + name, replaces: false, command: [verb, PREFIX + name, ...args] };
};

/** What is nearly in order: states in which a single guard of the fast paths decides. */
const nearlyRight: fc.Arbitrary<Corruption[]> = fc.oneof(
  fc.tuple(pool, policy).map(([name, text]) => [changed('pools', 'HSET', name, text)]),
  fc
    .tuple(fc.constantFrom('pool:basic:available', 'merchant:acme:pods'), fc.constantFrom(0, 1, -1, 0.5), pod)
    .map(([available, load, podName]) => [changed(available, 'ZADD', load, podName)]),
  // A call more than the pool allows, or one that lives elsewhere; whether or not the pod's lease is lost, or names it.
  fc
    .tuple(pod, callSid, fc.constantFrom('SET', 'DEL', 'KEEP'))
    .map(([podName, call, lease]) => [
      changed(`pod:calls:${podName}`, 'ZADD', 1, call),
      ...(lease === 'SET' ? [changed(`lease:${podName}`, 'SET', call)] : []),
      ...(lease === 'DEL' ? [changed(`lease:${podName}`, 'DEL')] : []),
    ]),
  // A record that names a pod which may hold other calls.
  fc.tuple(callSid, pod).map(([call, podName]) => [changed(`call:${call}`, 'HSET', 'pod_name', podName)]),
);

export const fleetState: fc.Arbitrary<FleetState> = fc.record({
  pods: fc.array(pool, { minLength: PODS.length, maxLength: PODS.length }),
  calls: fc.array(fc.record({ callSid, pool, provider }), { maxLength: 5 }),
  corruptions: fc.oneof(
    fc.constant([]),
    nearlyRight,
    nearlyRight,
    fc.array(corruption, { minLength: 1, maxLength: 1 }),
    fc.array(corruption, { minLength: 1, maxLength: 1 }),
    fc.array(corruption, { minLength: 2, maxLength: 4 }),
  ),
});

/** Writes the fleet into an empty database. @param allocate gives a call a pod of the pool */
export async function writeFleet(
  redis: Redis,
  { pods, calls, corruptions }: FleetState,
  allocate: (call: FleetState['calls'][number]) => Promise<unknown>,
): Promise<void> {
  const at = (name: string): string => PREFIX + name;
  const writes = redis.pipeline();
  // A call without a merchant has no config, whatever stands under the empty name.
  writes.set(at('era'), 'id:1').hset(at('pools'), POLICIES);
  writes.hset(at('merchant:config'), { acme: MERCHANT_CONFIG, '': '{}' });
  for (const [i, poolName] of pods.entries()) {
    const podName = `pod-${i + 1}`;
    const poolBase = at(poolName.startsWith('merchant:') ? poolName : `pool:${poolName}`);
    writes
      .zadd(at('pods'), 0, podName)
      .set(at(`pod:tier:${podName}`), poolName)
      .sadd(`${poolBase}:assigned`, podName);
    writes.hset(at(`pod:${podName}`), { ready: '1', status: 'available', incarnation: 'first' });
    if (poolName === 'gold') writes.sadd(`${poolBase}:available`, podName);
    else writes.zadd(poolName === 'basic' ? `${poolBase}:available` : `${poolBase}:pods`, 0, podName);
  }
  await writes.exec();
  await Promise.all(calls.map(allocate));
  for (const { key, replaces, command } of corruptions) {
    if (replaces) await redis.del(key);
    const send = () => redis.call(command[0] as string, ...command.slice(1));
    // Another type stands there: then it is written anew.
    await send().catch(() => redis.del(key).then(send));
  }
}
