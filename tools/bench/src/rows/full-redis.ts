import type { ScriptLoad } from '../floor/script-floor';
import { inRounds } from '../measure/rounds';
import { pairRatios } from '../measure/statistics';
import { Child } from '../processes/child';
import { cpuSeconds } from '../processes/process-usage';
import type { BenchContext } from './bench-context';
import type { ScriptFleet } from './script-fleet';

const CLIENTS = 2;
const IN_FLIGHT_OF_CLIENT = 50;

interface Filled {
  readonly cyclesPerSecond: number;
  /** What Redis would do with a core for itself, whatever else has run meanwhile. */
  readonly cyclesPerRedisSecond: number;
  /** How much of a core Redis had: 1 where it was full. */
  readonly redisShare: number;
}

/** Row N: one Redis filled by two processes that send the scripts of a build straight to it. */
export async function measureFullRedis(context: BenchContext, own: ScriptFleet, other?: ScriptFleet): Promise<void> {
  const { report, plan } = context;
  const fleets = { own, ...(other && { other }) };
  const fillers = Object.entries(fleets).map(([name, fleet]) => [name, startFiller(fleet)] as const);
  const seconds = plan.roundSeconds;
  for (const [, filler] of fillers) await filler.fill(seconds);
  const contestants = Object.fromEntries(fillers.map(([name, { fill }]) => [name, () => fill(seconds)]));
  const { own: ours = [], other: theirs } = await inRounds(plan.loadRounds, contestants);
  for (const [, { stop }] of fillers) await stop();

  reportFilled(context, '2 clients, 100 in flight', ours);
  if (!theirs) return;
  reportFilled(context, '2 clients, 100 in flight, other build', theirs);
  const ratiosOf = (which: keyof Filled): number[] =>
    pairRatios(
      ours.map((one) => one[which]),
      theirs.map((one) => one[which]),
    );
  report.add('N', 'cycles against the other build', 'ratio', ratiosOf('cyclesPerSecond'), 'one Redis, other build');
  const ofProcessor = ratiosOf('cyclesPerRedisSecond');
  report.add('N', "cycles per second of Redis's processor time against the other build", 'ratio', ofProcessor);
}

function reportFilled({ report }: BenchContext, name: string, results: readonly Filled[]): void {
  const each = (which: keyof Filled): number[] => results.map((result) => result[which]);
  report.add('N', `${name}: cycles`, '1/s', each('cyclesPerSecond'));
  report.add('N', `${name}: cycles per second of Redis's processor time`, '1/s', each('cyclesPerRedisSecond'));
  report.add('N', `${name}: share of a core that Redis had`, 'cores', each('redisShare'));
}

interface Filler {
  fill(seconds: number): Promise<Filled>;
  stop(): Promise<void>;
}

function startFiller({ fleet, exclusive }: ScriptFleet): Filler {
  const start = (): Child<ScriptLoad, number> => Child.start('script-floor', [fleet.redis.url, 'together']);
  const clients = Array.from({ length: CLIENTS }, start);
  const fill = async (seconds: number): Promise<Filled> => {
    const before = cpuSeconds(fleet.redis.pid);
    const startedMs = performance.now();
    const load = { scripts: exclusive, inFlight: IN_FLIGHT_OF_CLIENT, seconds };
    const rates = await Promise.all(clients.map((client) => client.ask(load)));
    const cyclesPerSecond = rates.reduce((sum, rate) => sum + rate, 0);
    const redisShare = ((cpuSeconds(fleet.redis.pid) - before) * 1000) / (performance.now() - startedMs);
    return { cyclesPerSecond, cyclesPerRedisSecond: cyclesPerSecond / redisShare, redisShare };
  };
  const stop = async (): Promise<void> => {
    for (const client of clients) await client.stop();
  };
  return { fill, stop };
}
