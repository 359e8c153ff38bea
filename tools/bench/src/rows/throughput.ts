import { EXCLUSIVE, SHARED } from '../floor/fleet-names';
import { watchScripts } from '../floor/watch-scripts';
import { type ClosedLoop, type LoadResult, oneMerchant } from '../load/load-command';
import { inRounds } from '../measure/rounds';
import { pairRatios } from '../measure/statistics';
import { Child } from '../processes/child';
import { cpuSeconds } from '../processes/process-usage';
import type { ScriptLoad } from '../floor/script-floor';
import type { RowName } from '../report/bench-report';
import type { BenchContext } from './bench-context';
import type { StandardFleet } from './standard-fleet';

export const CONNECTIONS = [1, 16, 64] as const;
const MOST_CONNECTIONS = 64;
const CPU_CYCLES = 10_000;

/** A closed loop against one server, with what it cost there and in Redis. */
export interface Load extends LoadResult {
  readonly cyclesPerSecond: number;
  /** Seconds of the server per 10,000 cycles. */
  readonly serverCpu: number;
  readonly redisCpu: number;
}

export interface LoadTarget {
  readonly port: number;
  readonly serverPid: number;
  /** `null` for a server that has no Redis. */
  readonly redisPid: number | null;
  readonly merchant: string;
  readonly connections: number;
  /** Default: the seconds of a round. */
  readonly until?: ClosedLoop['until'];
}

export async function measureLoad({ load, plan }: BenchContext, target: LoadTarget): Promise<Load> {
  const { port, serverPid, redisPid, connections, until = { seconds: plan.roundSeconds } } = target;
  const usage = (): [number, number] => [cpuSeconds(serverPid), redisPid === null ? 0 : cpuSeconds(redisPid)];
  const [serverBefore, redisBefore] = usage();
  const merchants = oneMerchant(target.merchant);
  const result = await load.ask({ kind: 'closed-loop', ports: [port], connections, until, merchants });
  const [serverAfter, redisAfter] = usage();
  const perCycles = CPU_CYCLES / result.done;
  return {
    ...result,
    cyclesPerSecond: result.done / result.seconds,
    serverCpu: (serverAfter - serverBefore) * perCycles,
    redisCpu: (redisAfter - redisBefore) * perCycles,
  };
}

/** Rows A, B and C: the product on an exclusive and on a shared pool, and the floors, in the same rounds. */
export async function measureThroughput(context: BenchContext, standard: StandardFleet): Promise<void> {
  const { api, floor, fleet } = standard;
  const redisPid = fleet.redis.pid;
  for (const connections of CONNECTIONS) {
    const product = { port: api.port, serverPid: api.pid, redisPid, connections };
    const floorTarget = { port: floor.port, serverPid: floor.pid, redisPid, connections };
    const loads = await inRounds(context.plan.loadRounds, {
      floor: () => measureLoad(context, { ...floorTarget, merchant: EXCLUSIVE.merchant }),
      // In the middle, next to both that are compared with it.
      exclusive: () => measureLoad(context, { ...product, merchant: EXCLUSIVE.merchant }),
      shared: () => measureLoad(context, { ...product, merchant: SHARED.merchant }),
    });
    if (context.wants('A')) reportAgainstFloor(context, connections, loads);
    if (context.wants('B')) reportShared(context, connections, loads);
    if (context.wants('C') && connections === MOST_CONNECTIONS) reportCpu(context, loads);
    api.truncateLog();
  }
  if (context.wants('A')) await measureScriptFloor(context, standard);
}

type Loads = Readonly<Record<'exclusive' | 'floor' | 'shared', readonly Load[]>>;

const rate = (load: Load): number => load.cyclesPerSecond;

export function reportLoad(context: BenchContext, row: RowName, name: string, loads: readonly Load[]): void {
  const { report } = context;
  report.add(row, `${name}: cycles`, '1/s', loads.map(rate));
  for (const rank of ['p50', 'p99'] as const) {
    const samples = loads.map(({ latencyMs }) => latencyMs[rank]);
    report.add(row, `${name}: allocate ${rank}`, 'ms', samples);
  }
}

function reportAgainstFloor(context: BenchContext, connections: number, { exclusive, floor }: Loads): void {
  reportLoad(context, 'A', `${connections} connections, exclusive pool`, exclusive);
  reportLoad(context, 'A', `${connections} connections, floor F1`, floor);
  // One connection measures how fast an idle machine wakes.
  const isJudged = connections > 1;
  const ratios = pairRatios(exclusive.map(rate), floor.map(rate));
  const throughput = isJudged ? 'throughput against F1' : undefined;
  context.report.add('A', `${connections} connections: cycles against F1`, 'ratio', ratios, throughput);
  const p99 = ({ latencyMs }: Load): number => latencyMs.p99;
  const tails = pairRatios(exclusive.map(p99), floor.map(p99));
  const tail = isJudged ? 'tail against F1' : undefined;
  context.report.add('A', `${connections} connections: allocate p99 against F1`, 'ratio', tails, tail);
}

function reportShared(context: BenchContext, connections: number, { exclusive, shared }: Loads): void {
  reportLoad(context, 'B', `${connections} connections, shared pool`, shared);
  const ratios = pairRatios(shared.map(rate), exclusive.map(rate));
  const criterion = connections === MOST_CONNECTIONS ? 'throughput of the shared pool' : undefined;
  context.report.add('B', `${connections} connections: cycles against exclusive`, 'ratio', ratios, criterion);
}

function reportCpu({ report }: BenchContext, { exclusive, floor }: Loads): void {
  const cpuOf = (loads: readonly Load[]): number[] => loads.map(({ serverCpu }) => serverCpu);
  const redisOf = (loads: readonly Load[]): number[] => loads.map(({ redisCpu }) => redisCpu);
  report.add('C', 'CPU of the API per 10,000 cycles', 's', cpuOf(exclusive));
  report.add('C', 'CPU of floor F1 per 10,000 cycles', 's', cpuOf(floor));
  report.add('C', 'CPU of Redis per 10,000 cycles', 's', redisOf(exclusive));
  report.add('C', 'CPU of Redis per 10,000 cycles, by F1', 's', redisOf(floor));
  report.add('C', 'CPU of the API against F1', 'ratio', pairRatios(cpuOf(exclusive), cpuOf(floor)), 'CPU against F1');
}

async function measureScriptFloor({ plan, report }: BenchContext, { fleet, api }: StandardFleet): Promise<void> {
  const scripts = await watchScripts(fleet.redis.port, api.port, EXCLUSIVE.merchant);
  const floor = Child.start<ScriptLoad, number>('script-floor', [fleet.redis.url]);
  const run = (inFlight: number) => () => floor.ask({ scripts, inFlight, seconds: plan.roundSeconds });
  const rates = await inRounds(plan.rounds, { serial: run(1), parallel: run(MOST_CONNECTIONS) });
  await floor.stop();
  report.add('A', 'floor F2, scripts through ioredis, serial: cycles', '1/s', rates.serial);
  report.add('A', 'floor F2, scripts through ioredis, 64 in flight: cycles', '1/s', rates.parallel);
}
