import type { Redis } from 'ioredis';
import { BareScripts } from '../floor/bare-scripts';
import { type CallScripts, runSent } from '../floor/sent-scripts';
import { commandCountsOf, mainThreadSecondsOf } from '../measure/command-stats';
import { type Contestant, inRounds } from '../measure/rounds';
import { pairRatios } from '../measure/statistics';
import type { BenchContext } from './bench-context';
import type { ScriptFleet } from './script-fleet';

const PODS = 5_000;
const CALLS = 2_000;
const IN_FLIGHT = 100;
const OPERATIONS = ['allocate', 'release'] as const;
const BARE = 'bare script';
const OF_OTHER = ', other build';

type Operation = (typeof OPERATIONS)[number];

/** Per script, in µs. */
interface ScriptTime {
  /** From the start of the script to its end, by the clock. */
  readonly inScript: number;
  /** Processor time of Redis's main thread, with reading the command and writing the answer. */
  readonly ofProcessor: number;
}

type CallCost = Readonly<Record<Operation, ScriptTime>>;

interface CallClient {
  /** @returns the pod */
  allocate(callSid: string): Promise<string>;
  release(callSid: string, pod: string): Promise<unknown>;
}

/** Row M: what Redis spends on each script, beside scripts that write the same and do nothing else. */
export async function measureScriptCost(context: BenchContext, own: ScriptFleet, other?: ScriptFleet): Promise<void> {
  const bare = await BareScripts.load(own.client, PODS);
  const contestants: Record<string, Contestant<CallCost>> = {
    'exclusive pool': costOf(own.client, sending(own.client, own.exclusive)),
    // In the middle, next to both that are compared with it.
    [BARE]: costOf(own.client, bare),
    'shared pool': costOf(own.client, sending(own.client, own.shared)),
  };
  if (other) {
    contestants[`exclusive pool${OF_OTHER}`] = costOf(other.client, sending(other.client, other.exclusive));
    contestants[`shared pool${OF_OTHER}`] = costOf(other.client, sending(other.client, other.shared));
  }
  // Redis's memory and its tables grow to what they need.
  await inRounds(1, contestants);
  const costs = await inRounds(context.plan.loadRounds, contestants);
  for (const operation of OPERATIONS) reportOperation(context, operation, costs);
}

function reportOperation(
  { report }: BenchContext,
  operation: Operation,
  costs: Readonly<Record<string, readonly CallCost[]>>,
): void {
  const times = (name: string, which: keyof ScriptTime): number[] =>
    costs[name]?.map((cost) => cost[operation][which]) ?? [];
  for (const name of Object.keys(costs)) {
    // The goals are those of this build.
    const isJudged = name !== BARE && !name.endsWith(OF_OTHER);
    const [inScript, ofProcessor] = [times(name, 'inScript'), times(name, 'ofProcessor')];
    report.add('M', `${operation}, ${name}`, 'µs', inScript, isJudged ? `Redis per ${operation}` : undefined);
    report.add('M', `${operation}, ${name}: processor time of Redis`, 'µs', ofProcessor);
    if (name === BARE) continue;
    const ratios = pairRatios(inScript, times(BARE, 'inScript'));
    const goal = isJudged ? (`${operation} against the bare script` as const) : undefined;
    report.add('M', `${operation}, ${name}: against the bare script`, 'ratio', ratios, goal);
    const ofBare = pairRatios(ofProcessor, times(BARE, 'ofProcessor'));
    report.add('M', `${operation}, ${name}: processor time against the bare script`, 'ratio', ofBare);
  }
}

function sending(redis: Redis, { allocate, release }: CallScripts): CallClient {
  return {
    allocate: async (callSid) => (await runSent(redis, allocate, callSid, 'allocated'))[1] as string,
    release: (callSid) => runSent(redis, release, callSid, 'released'),
  };
}

let measured = 0;

function costOf(redis: Redis, client: CallClient): Contestant<CallCost> {
  return async () => {
    const pods: string[] = [];
    // A call that was released before is remembered for a while, and takes another way.
    const first = `M-${measured++}`;
    const callSid = (index: number): string => `${first}-${index}`;
    const allocate = await timeOf(redis, async (index) => void (pods[index] = await client.allocate(callSid(index))));
    const release = await timeOf(redis, (index) => client.release(callSid(index), pods[index] as string));
    return { allocate, release };
  };
}

async function timeOf(redis: Redis, send: (index: number) => Promise<unknown>): Promise<ScriptTime> {
  const before = await spentBy(redis);
  let next = 0;
  const runOne = async (): Promise<void> => {
    while (next < CALLS) await send(next++);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, runOne));
  const after = await spentBy(redis);
  const scripts = after.scripts - before.scripts;
  if (scripts !== CALLS) throw new Error(`Redis ran ${scripts} scripts instead of ${CALLS}`);
  return {
    inScript: (after.scriptMicroseconds - before.scriptMicroseconds) / CALLS,
    ofProcessor: ((after.mainThreadSeconds - before.mainThreadSeconds) * 1e6) / CALLS,
  };
}

interface Spent {
  readonly scripts: number;
  readonly scriptMicroseconds: number;
  readonly mainThreadSeconds: number;
}

async function spentBy(redis: Redis): Promise<Spent> {
  const [stats, cpu] = await Promise.all([redis.info('commandstats'), redis.info('cpu')]);
  return { ...commandCountsOf(stats), mainThreadSeconds: mainThreadSecondsOf(cpu) };
}
