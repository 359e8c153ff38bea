import { EXCLUSIVE } from '../floor/fleet-names';
import { oneMerchant } from '../load/load-command';
import { BuiltApp } from '../processes/built-app';
import { residentMegabytes } from '../processes/process-usage';
import type { BenchReport } from '../report/bench-report';
import type { BenchContext } from './bench-context';
import { type StandardFleet, startApi } from './standard-fleet';

const CONNECTIONS = 64;
/** The log of so many calls is thrown away at a time. */
const CYCLES_PER_LOG = 100_000;

/** The goals are those of a process that has served so many: before, V8's spaces have yet to grow to what they need. */
const JUDGED_CYCLES = 1_000_000;

/** Row K: how fast a process serves, and what it holds in memory. */
export async function measureFootprint(context: BenchContext, standard: StandardFleet): Promise<void> {
  const { plan, report } = context;
  const embedded = await startTimes(plan.starts, () => BuiltApp.start('smart-router', {}));
  const api = await startTimes(plan.starts, () => startApi(standard.fleet));
  report.add('K', 'start to ready, embedded', 'ms', embedded, 'start');
  report.add('K', 'start to ready, API on Redis', 'ms', api);
  await measureMemory(context, standard);
}

async function startTimes(starts: number, start: () => Promise<BuiltApp>): Promise<number[]> {
  const timesMs: number[] = [];
  for (let count = 0; count < starts; count++) {
    const app = await start();
    timesMs.push(app.startMs);
    await app.stop();
  }
  return timesMs;
}

/** Of a process that has served nothing before. The settings that decide its memory are the defaults. */
async function measureMemory({ load, plan, report }: BenchContext, { fleet }: StandardFleet): Promise<void> {
  const api = await startApi(fleet);
  const merchants = oneMerchant(EXCLUSIVE.merchant);
  const serve = async (cycles: number): Promise<void> => {
    await load.ask({ kind: 'closed-loop', ports: [api.port], connections: CONNECTIONS, until: { cycles }, merchants });
    api.truncateLog();
  };
  report.add('K', 'resident memory of the API, idle', 'MB', [residentMegabytes(api.pid)]);
  const megabytes: number[] = [];
  let done = 0;
  for (const cycles of plan.memoryCycles) {
    for (; cycles - done > CYCLES_PER_LOG; done += CYCLES_PER_LOG) await serve(CYCLES_PER_LOG);
    await serve(cycles - done);
    done = cycles;
    megabytes.push(residentMegabytes(api.pid));
  }
  await api.stop();
  reportMemory(report, plan.memoryCycles, megabytes);
}

function reportMemory(report: BenchReport, cycles: readonly number[], megabytes: readonly number[]): void {
  for (const [index, count] of cycles.entries()) {
    const taken = megabytes[index] as number;
    const isJudged = count === JUDGED_CYCLES;
    const after = `after ${count.toLocaleString('en')} cycles`;
    report.add('K', `resident memory ${after}`, 'MB', [taken], isJudged ? 'memory' : undefined);
    const [countBefore, before] = [cycles[index - 1], megabytes[index - 1]];
    if (countBefore === undefined || before === undefined) continue;
    const growth = `memory ${after} against ${countBefore.toLocaleString('en')}`;
    report.add('K', growth, 'ratio', [taken / before], isJudged ? 'growth of memory' : undefined);
  }
}
