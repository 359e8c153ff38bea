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
  MERCHANT_CONFIG,
  newOrKnownCallSid,
  owners,
  PREFIX,
  provider,
  writeFleet,
} from '../testing/fleet-states';
import { scriptCatalogue } from './script-catalogue';

// 4,000 states take about a quarter of a minute. A longer search: FAST_PATH_RUNS=100000; a replay: the seed that a failure prints.
const RUNS = Number(process.env['FAST_PATH_RUNS'] ?? 4_000);
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
const notAfter = mostly([Number.MAX_SAFE_INTEGER, NOW_S * 1_000 + 123], NOW_S * 1_000 + 122);

const merchant = mostly(
  [
    ['', ''],
    ['acme', MERCHANT_CONFIG],
    ['other', ''],
  ],
  ['acme', '{}'],
  ['', 'odd'],
);
const leases = fc.constantFrom([LEASE_MS, RECORD_MS], [RECORD_MS, LEASE_MS]);
const allocateCommand = fc
  .tuple(newOrKnownCallSid, merchant, provider, leases, notAfter, fc.constantFrom('', 'request-1'), owners, chain)
  .map(([sid, [merchantId, config], by, [leaseMs, recordMs], limit, request, own, pools]): Command => {
    const args = [sid, merchantId, config, by, leaseMs, recordMs, limit, request, own, ...pools] as string[];
    return { name: 'allocate', callSid: sid, args };
  });
const releaseCommand = fc
  .tuple(callSid, notAfter)
  .map(([sid, limit]): Command => ({ name: 'release', callSid: sid, args: [sid, limit] }));
const endCommand = fc
  .tuple(callSid, notAfter, mostly([''], '99000000000000000'), owners, fc.constantFrom('', 5))
  .map(([sid, limit, upTo, own, max]): Command => {
    return { name: 'endCall', callSid: sid, args: [sid, MARK_MS, limit, upTo, own || 'api', max] };
  });
const command = fc.oneof(allocateCommand, releaseCommand, endCommand);

/** Both paths read the same clock, which stands still. */
function atFixedTime(lua: string): string {
  return lua.replace("redis.call('TIME')", `{ '${NOW_S}', '123456' }`);
}

const GENERAL_PATH = /^-- The general path\b.*$/m;
const FAST_CALL = /= (may_act\(.*\) and )?(allocate|release)_fast\(.*\)$/m;

/** What the script replies by its fast path; 'general' where that leaves it to the other one. */
const fastOnly = (lua: string): string => `${lua.split(GENERAL_PATH)[0]}\nreturn { 'general' }`;
const generalOnly = (lua: string): string => lua.replace(FAST_CALL, '= nil');

const catalogue = scriptCatalogue(PREFIX);
const TEXTS = Object.fromEntries(
  (['allocate', 'release', 'endCall'] as const).map((name) => {
    const lua = atFixedTime(catalogue[name].lua);
    return [name, { fast: fastOnly(lua), general: generalOnly(lua) }] as const;
  }),
) as Record<Name, { fast: string; general: string }>;

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
  const given = [60_000, LEASE_MS, RECORD_MS, MARK_MS, RELEASED_MARK_MS, PAST_CALL_MS];
  return given.find((one) => ms <= one && ms > one - 20_000) ?? ms;
}

let process_: RedisProcess;
let redis: Redis;
beforeAll(async () => {
  process_ = await startRedis();
  redis = new Redis(process_.url);
});
afterAll(async () => {
  await redis.quit();
  await process_.stop();
});

async function dump(): Promise<unknown[]> {
  const entries = JSON.parse((await redis.eval(DUMP, 0)) as string) as [string, string, unknown, number][];
  // What remembers a past call is JSON, in any order of its fields.
  const content = (key: string, text: unknown) =>
    key.startsWith(`${PREFIX}past:`) && typeof text === 'string' && text.startsWith('{') ? JSON.parse(text) : text;
  return entries.map(([key, kind, text, ms]) => [key, kind, content(key, text), lifetime(ms)]);
}

async function run(lua: string, { callSid: sid, args }: Command): Promise<unknown> {
  const reply = redis.eval(lua, 1, `${PREFIX}call:${sid}`, ...args);
  return reply.catch((error: Error) => error.message.replace(/ script: .*/, ''));
}

type Outcome = readonly [reply: unknown, keys: unknown];

/**
 * What the general path makes of the state. A pod of an exclusive pool is chosen by chance, also one that is refused then: so
 * an allocation is repeated until it comes to the same outcome, and the last one is returned where none does.
 */
async function generalOutcome(given: Command, expected: Outcome): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    await redis.eval(RESTORE, 0);
    const outcome: Outcome = [await run(TEXTS[given.name].general, given), await dump()];
    if (given.name !== 'allocate' || attempt === 60 || isDeepStrictEqual(outcome, expected)) return outcome;
  }
}

it('answers and writes by the fast path what the general one does, or leaves the store as it was', async () => {
  const fast: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(fleetState, command, async (state, given) => {
      await redis.select(STATE_DB);
      await redis.flushdb();
      await writeFleet(redis, state, ({ callSid: sid, pool, provider: by }) =>
        run(TEXTS.allocate.general, {
          name: 'allocate',
          callSid: sid,
          args: [sid, '', '', by, LEASE_MS, RECORD_MS, Number.MAX_SAFE_INTEGER, '', '', pool],
        }),
      );
      await redis.select(0);
      await redis.eval(RESTORE, 0);
      const before = await dump();
      const reply = await run(TEXTS[given.name].fast, given);
      const after = await dump();
      if (Array.isArray(reply) && reply[0] === 'general') {
        expect(after).toEqual(before);
        return;
      }
      expect(await generalOutcome(given, [reply, after])).toEqual([reply, after]);
      const [kind, , pool] = reply as string[];
      const key = `${given.name} ${kind} ${pool ?? ''}`.trim();
      fast[key] = (fast[key] ?? 0) + 1;
    }),
    { numRuns: RUNS, endOnFailure: false, ...(SEED !== undefined && { seed: Number(SEED) }) },
  );
  // All of them were compared, and not left to the general path.
  const outcomes = { allocate: 'allocated', release: 'released', endCall: 'released' };
  for (const [name, kind] of Object.entries(outcomes)) {
    for (const pool of ['gold', 'basic', 'merchant:acme']) {
      expect(fast).toHaveProperty([`${name} ${kind} ${pool}`]);
    }
  }
}, 3_600_000);
