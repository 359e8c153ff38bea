import { mkdirSync, writeFileSync } from 'node:fs';
import { EXCLUSIVE } from '../floor/fleet-names';
import { type Contestant, inRounds } from '../measure/rounds';
import { OWN_DIST } from '../processes/built-app';
import { residentMegabytes } from '../processes/process-usage';
import { type BenchContext, warmUp } from '../rows/bench-context';
import { type ServedFleet, startFloor, startServedFleet } from '../rows/standard-fleet';
import { measureLoad, type LoadTarget } from '../rows/throughput';
import { comparisonTables, type Sample, sampleLine } from './comparison-tables';

/** Which builds serve the same load beside the one of this checkout. */
export interface Comparison {
  /** The folder of another build: what `npm run build` writes to `dist`. */
  readonly against?: string;
  /** Whether the build of this checkout takes part a second time: how far it is from itself is the noise. */
  readonly control: boolean;
  /** Of every participant in every round. */
  readonly cycles: number;
  readonly connections: number;
}

const REPORT_FILE = 'reports/compare.json';

/**
 * Has builds of the API and floor F1 serve the same load in turn. Each build has a Redis of its own, so that what Redis
 * spends is the build's, and builds that keep different records do not meet. F1 shares that of this build. Each has
 * a leader until its pods are registered: what a leader asks Redis is not part of a call.
 */
export async function compareBuilds(
  context: BenchContext,
  comparison: Comparison,
  print: (line: string) => void,
): Promise<void> {
  const { cycles, connections } = comparison;
  const fleets = new Map<string, ServedFleet>();
  for (const [name, dist] of buildsOf(comparison)) fleets.set(name, await startServedFleet(dist));
  const own = fleets.get('this') as ServedFleet;
  const floor = await startFloor(own);

  const shared = { merchant: EXCLUSIVE.merchant, connections, until: { cycles } };
  const targets = new Map<string, LoadTarget>();
  for (const [name, { api, fleet }] of fleets) {
    targets.set(name, { ...shared, port: api.port, serverPid: api.pid, redisPid: fleet.redis.pid });
  }
  targets.set('F1', { ...shared, port: floor.port, serverPid: floor.pid, redisPid: own.fleet.redis.pid });
  for (const { leader } of fleets.values()) await leader.stop();
  for (const { port, merchant } of targets.values()) await warmUp(context, port, merchant);

  const measured = (name: string, target: LoadTarget) => async (round: number) => {
    const sample = await takeSample(context, target);
    print(sampleLine(round, name, sample));
    return sample;
  };
  const contestants: Record<string, Contestant<Sample>> = {};
  for (const [name, target] of targets) contestants[name] = measured(name, target);
  const samples = await inRounds(context.plan.loadRounds, contestants);

  await floor.stop();
  for (const { stop } of fleets.values()) await stop();
  print(`\n${comparisonTables(samples)}\n`);
  mkdirSync('reports', { recursive: true });
  writeFileSync(REPORT_FILE, `${JSON.stringify({ ...comparison, samples }, null, 2)}\n`);
  print(`Written to ${REPORT_FILE}`);
}

function buildsOf({ against, control }: Comparison): [name: string, dist: string][] {
  return [
    ['this', OWN_DIST],
    ...(against === undefined ? [] : [['other', against] as [string, string]]),
    ...(control ? [['control', OWN_DIST] as [string, string]] : []),
  ];
}

async function takeSample(context: BenchContext, target: LoadTarget): Promise<Sample> {
  const { serverCpu, redisCpu, cyclesPerSecond, latencyMs } = await measureLoad(context, target);
  const { p50, p99 } = latencyMs;
  const memory = residentMegabytes(target.serverPid);
  return { apiCpu: serverCpu, redisCpu, cycles: cyclesPerSecond, p50, p99, memory };
}
