import { type RedisProcess, startRedis } from '@smart-router/testbed';
import * as fc from 'fast-check';
import { Redis } from 'ioredis';
import { isDeepStrictEqual } from 'node:util';
import { PAST_CALL_MS } from '../domain/past-calls';
import { RELEASED_MARK_MS } from '../domain/routing-store';
import {
  callSid,
  chain,
  fleetState,
  type FleetState,
  HAND_MS,
  MERCHANT_CONFIG,
  newOrKnownCallSid,
  owners,
  PREFIX,
  provider,
  writeFleet,
} from '../testing/fleet-states';
import { scriptCatalogue } from './script-catalogue';

// 2,500 states take about a quarter of a minute. A longer search: FAST_PATH_RUNS=30000; a replay: the seed that a failure prints.
const RUNS = Number(process.env['FAST_PATH_RUNS'] ?? 2_500);
const SEED = process.env['FAST_PATH_SEED'];

type Name = 'allocate' | 'release' | 'endCall';
interface Command {
  readonly name: Name;
  readonly callSid: string;
  readonly args: readonly (string | number)[];
}

const LEASE_MS = 100_000_000;
const RECORD_MS = 200_000_000;
const MARK_MS = 300_000_000;
const NOW_S = Math.floor(Date.now() / 1_000);
/** Mostly what the fast path accepts. */
const mostly = <T>(usual: readonly T[], ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
// Whether a command is late is asked before either path.
const NOT_AFTER = Number.MAX_SAFE_INTEGER;

const merchant = mostly(
  [
    ['', ''],
    ['acme', MERCHANT_CONFIG],
    ['other', ''],
  ],
  ['acme', '{}'],
  ['', '{}'],
);
const leases = fc.constantFrom([LEASE_MS, RECORD_MS], [RECORD_MS, LEASE_MS]);
const allocateCommand = fc
  .tuple(newOrKnownCallSid, merchant, provider, leases, fc.constantFrom('', 'request-1'), owners, chain)
  .map(([sid, [merchantId, config], by, [leaseMs, recordMs], request, own, pools]): Command => {
    const args = [sid, merchantId, config, by, leaseMs, recordMs, NOT_AFTER, request, own, ...pools] as string[];
    return { name: 'allocate', callSid: sid, args };
  });
const releaseCommand = callSid.map((sid): Command => ({ name: 'release', callSid: sid, args: [sid, NOT_AFTER] }));
const endCommand = fc
  .tuple(callSid, mostly([''], '99000000000000000'), owners, fc.constantFrom('', 5))
  .map(([sid, upTo, own, max]): Command => {
    return { name: 'endCall', callSid: sid, args: [sid, MARK_MS, NOT_AFTER, upTo, own || 'api', max] };
  });
const command = fc.oneof(
  { weight: 3, arbitrary: allocateCommand },
  { weight: 2, arbitrary: releaseCommand },
  { weight: 1, arbitrary: endCommand },
);
/** One after the other from the same state. */
const commands = fc.array(command, { minLength: 1, maxLength: 6, size: 'max' });

/** @throws where there is nothing to replace: then both paths would be the same */
function replaced(lua: string, what: RegExp, instead: string): string {
  if (!what.test(lua)) throw new Error(`no ${what} in this script`);
  return lua.replace(what, instead);
}

const catalogue = scriptCatalogue(PREFIX);
/** Both paths read the same clock, which stands still. */
const atFixedTime = (name: Name): string =>
  replaced(catalogue[name].lua, /redis\.call\('TIME'\)/, `{ '${NOW_S}', '123456' }`);
/** What the script replies by its fast path; 'general' where that leaves it to the other one. */
const fastOnly = (lua: string): string => replaced(lua, /^-- The general path\b[^]*/m, "return { 'general' }");
const generalOnly = (lua: string): string =>
  replaced(lua, /= (may_act\(.*\) and )?(allocate|release)_fast\(.*\)$/m, '= nil');

/** The state of the run, to which each path gets a copy. */
const STATE_DB = 1;
const RESTORE = `
redis.call('FLUSHDB')
redis.call('SELECT', ${STATE_DB})
for _, key in ipairs(redis.call('KEYS', '*')) do redis.call('COPY', key, key, 'DB', 0) end`;

/** Every key with its type, what it holds, and how long it has to live. */
const DUMP = `
local readers = {
  string = function(key) return redis.call('GET', key) end,
  list = function(key) return redis.call('LRANGE', key, 0, -1) end,
  set = function(key) local all = redis.call('SMEMBERS', key) table.sort(all) return all end,
  zset = function(key) return redis.call('ZRANGE', key, 0, -1, 'WITHSCORES') end,
  hash = function(key)
    local flat, all = redis.call('HGETALL', key), {}
    for i = 1, #flat, 2 do all[#all + 1] = flat[i] .. '=' .. flat[i + 1] end
    table.sort(all)
    return all
  end,
}
local keys, dump = redis.call('KEYS', '*'), {}
table.sort(keys)
for i, key in ipairs(keys) do
  local kind = redis.call('TYPE', key).ok
  dump[i] = { key, kind, readers[kind](key), redis.call('PTTL', key) }
end
return cjson.encode(dump)`;

/** A lifetime is named, as it was given a moment ago. */
function lifetime(ms: number): number {
  const given = [60_000, LEASE_MS, RECORD_MS, MARK_MS, HAND_MS, RELEASED_MARK_MS, PAST_CALL_MS];
  return given.find((one) => ms <= one && ms > one - 20_000) ?? ms;
}

type Path = 'fast' | 'general';
let server: RedisProcess;
let redis: Redis;
/** The SHA-1 of each. */
const scripts = new Map<string, string>();
beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
  for (const name of ['allocate', 'release', 'endCall'] as const) {
    const lua = atFixedTime(name);
    scripts.set(`${name} fast`, (await redis.script('LOAD', fastOnly(lua))) as string);
    scripts.set(`${name} general`, (await redis.script('LOAD', generalOnly(lua))) as string);
  }
});
afterAll(async () => {
  await redis.quit();
  await server.stop();
});

/** A line for each key. */
async function dump(): Promise<string> {
  const entries = JSON.parse((await redis.eval(DUMP, 0)) as string) as [string, string, unknown, number][];
  // What remembers a past call is JSON, in any order of its fields.
  const content = (key: string, held: unknown) =>
    key.startsWith(`${PREFIX}past:`) && typeof held === 'string' && held.startsWith('{')
      ? Object.entries(JSON.parse(held)).sort()
      : held;
  return entries
    .map(([key, kind, held, ms]) => JSON.stringify([key, kind, content(key, held), lifetime(ms)]))
    .join('\n');
}

async function run(path: Path, { name, callSid: sid, args }: Command): Promise<unknown> {
  const reply = redis.evalsha(scripts.get(`${name} ${path}`) as string, 1, `${PREFIX}call:${sid}`, ...args);
  return reply.catch((error: Error) => error.message.replace(/ script: .*/, ''));
}

type Outcome = readonly [reply: unknown, keys: string];

/** What a path makes of the state. */
async function outcomeOf(path: Path, given: Command): Promise<Outcome> {
  const [, reply, keys] = await Promise.all([redis.eval(RESTORE, 0), run(path, given), dump()]);
  return [reply, keys];
}

/**
 * A pod of an exclusive pool is chosen by chance, also one that is refused then: so an allocation is repeated until it comes to
 * the same outcome, and the last one is returned where none does.
 */
async function generalOutcome(given: Command, expected: Outcome): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await outcomeOf('general', given);
    if (given.name !== 'allocate' || attempt === 60 || isDeepStrictEqual(outcome, expected)) return outcome;
  }
}

/** @returns its keys */
async function writeState(state: FleetState): Promise<string> {
  await Promise.all([redis.select(STATE_DB), redis.flushdb()]);
  await writeFleet(redis, state, ({ callSid: sid, pool, provider: by }) => {
    const args = [sid, '', '', by, LEASE_MS, RECORD_MS, NOT_AFTER, '', '', pool];
    return run('general', { name: 'allocate', callSid: sid, args });
  });
  const [keys] = await Promise.all([dump(), redis.select(0)]);
  return keys;
}

it('answers and writes by the fast path what the general one does, or leaves the store as it was', async () => {
  const fast = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fleetState, commands, async (state, all) => {
      const before = await writeState(state);
      for (const given of all) {
        const [reply, after] = await outcomeOf('fast', given);
        if (Array.isArray(reply) && reply[0] === 'general') {
          expect(after).toBe(before);
          continue;
        }
        expect(await generalOutcome(given, [reply, after])).toEqual([reply, after]);
        if (Array.isArray(reply)) fast.add(`${given.name} in ${reply[2]}`);
      }
    }),
    { numRuns: RUNS, endOnFailure: false, ...(SEED !== undefined && { seed: Number(SEED) }) },
  );
  // All of them were compared, and not left to the general path.
  const operations = ['allocate', 'release', 'endCall'];
  expect(fast).toEqual(
    new Set(operations.flatMap((name) => ['gold', 'basic', 'merchant:acme'].map((pool) => `${name} in ${pool}`))),
  );
}, 3_600_000);
