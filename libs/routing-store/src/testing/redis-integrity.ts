import type { RedisConnection } from '@smart-router/redis';
import { keysOf } from './redis-harness';

interface StoredKey {
  readonly type: string;
  /** Of a set and a sorted set. */
  readonly scores: ReadonlyMap<string, number>;
  /** Of a hash. */
  readonly fields: Readonly<Record<string, string>>;
}

type Keyspace = ReadonlyMap<string, StoredKey>;

/**
 * What the keys must look like after every operation, read from Redis itself and not through the store: types and
 * scores are part of the contract with operators.
 * @returns what is violated, empty where all is well
 */
export async function keyViolations(connection: RedisConnection, prefix: string): Promise<string[]> {
  const keys = await readKeyspace(connection, prefix);
  const pods = new Set(keys.get('pods')?.scores.keys() ?? []);
  return [
    ...scoreViolations(keys),
    ...availabilityViolations(keys),
    ...missingEntries(keys, pods),
    ...foreignEntries(keys),
    ...leftovers(keys, pods),
  ];
}

async function readKeyspace({ client }: RedisConnection, prefix: string): Promise<Keyspace> {
  const keyspace = new Map<string, StoredKey>();
  for (const key of await keysOf({ client } as RedisConnection, prefix)) {
    const type = await client.type(key);
    const scores = new Map<string, number>();
    if (type === 'set') for (const member of await client.smembers(key)) scores.set(member, 0);
    if (type === 'zset') {
      for (const member of await client.zrange(key, 0, '-1')) {
        scores.set(member, Number(await client.zscore(key, member)));
      }
    }
    const fields = type === 'hash' ? await client.hgetall(key) : {};
    keyspace.set(key.slice(prefix.length), { type, scores, fields });
  }
  return keyspace;
}

function members(keys: Keyspace, key: string): ReadonlyMap<string, number> {
  return keys.get(key)?.scores ?? new Map();
}

/** A score is the number of live calls, and never negative. */
function scoreViolations(keys: Keyspace): string[] {
  const violations: string[] = [];
  for (const [key, { type, scores }] of keys) {
    if (type !== 'zset' || !/:(available|pods|outgoing)$/.test(key)) continue;
    for (const [pod, score] of scores) {
      const load = members(keys, `pod:calls:${pod}`).size;
      if (score !== load) violations.push(`${key} scores ${pod} ${score}, it has ${load} calls`);
    }
  }
  return violations;
}

/** Only registered pods of the pool that do not drain are offered; in a SET only idle ones. */
function availabilityViolations(keys: Keyspace): string[] {
  const violations: string[] = [];
  for (const [key, { type, scores }] of keys) {
    const base = /^(pool:[^:]+|merchant:[^:]+):(available|pods|outgoing)$/.exec(key)?.[1];
    if (base === undefined) continue;
    for (const pod of scores.keys()) {
      if (!members(keys, `${base}:assigned`).has(pod)) violations.push(`${key} offers ${pod}, which is not assigned`);
      if (keys.has(`pod:draining:${pod}`)) violations.push(`${key} offers ${pod}, which drains`);
      if (type === 'set' && keys.has(`pod:calls:${pod}`)) violations.push(`${key} offers ${pod}, which is busy`);
    }
  }
  return violations;
}

const callPods = (keys: Keyspace): Readonly<Record<string, string>> => keys.get('calls:pod')?.fields ?? {};

/** Every call of a pod is in every index of calls. */
function missingEntries(keys: Keyspace, pods: ReadonlySet<string>): string[] {
  const violations: string[] = [];
  for (const pod of pods) {
    for (const callSid of members(keys, `pod:calls:${pod}`).keys()) {
      if (callPods(keys)[callSid] !== pod) violations.push(`calls:pod does not have ${callSid} on ${pod}`);
      if (!members(keys, 'calls:expiry').has(callSid)) violations.push(`calls:expiry does not have ${callSid}`);
      const counts = [...keys.keys()].filter((key) => /^(pool|merchant):.*:calls$/.test(key));
      const counting = counts.filter((key) => members(keys, key).has(callSid));
      if (counting.length !== 1) violations.push(`${callSid} is counted by ${counting.join() || 'no pool'}`);
    }
  }
  return violations;
}

/** No index has a call that its pod does not. */
function foreignEntries(keys: Keyspace): string[] {
  const isHeld = (callSid: string): boolean => members(keys, `pod:calls:${callPods(keys)[callSid]}`).has(callSid);
  const indexes = [...keys.keys()].filter((key) => /^(calls:expiry|calls:pod|(pool|merchant):.*:calls)$/.test(key));
  return indexes.flatMap((index) => {
    const entries = [...members(keys, index).keys(), ...Object.keys(keys.get(index)?.fields ?? {})];
    return entries
      .filter((callSid) => !isHeld(callSid))
      .map((callSid) => `${index} has ${callSid}, which no pod holds`);
  });
}

/** A removed pod leaves no key behind, and a lease stands only where there is a call. */
function leftovers(keys: Keyspace, pods: ReadonlySet<string>): string[] {
  const violations: string[] = [];
  for (const key of keys.keys()) {
    const owner = /^(?:pod:tier:|pod:draining:|pod:calls:|lease:|pod:(?!metadata$))(.+)$/.exec(key)?.[1];
    if (owner !== undefined && !pods.has(owner)) violations.push(`${key} is left of a pod that is gone`);
    const lease = /^lease:(.+)$/.exec(key)?.[1];
    if (lease !== undefined && !keys.has(`pod:calls:${lease}`)) violations.push(`${key} stands without a call`);
  }
  return violations;
}
