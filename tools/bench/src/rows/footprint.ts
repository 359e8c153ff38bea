import { EXCLUSIVE } from '../floor/fleet-names';
import { oneMerchant } from '../load/load-command';
import { BuiltApp } from '../processes/built-app';
import { residentMegabytes } from '../processes/process-usage';
import type { BenchContext } from './bench-context';
import { type StandardFleet, startApi } from './standard-fleet';

const CONNECTIONS = 16;
const FEW_CYCLES = 10_000;
/** The log of so many calls is thrown away at a time. */
const CYCLES_PER_LOG = 100_000;

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

async function measureMemory({ load, plan, report }: BenchContext, { fleet }: StandardFleet): Promise<void> {
  const api = await startApi(fleet);
  const merchants = oneMerchant(EXCLUSIVE.merchant);
  const run = (cycles: number) =>
    load.ask({ kind: 'closed-loop', ports: [api.port], connections: CONNECTIONS, until: { cycles }, merchants });
  report.add('K', 'resident memory of the API, idle', 'MB', [residentMegabytes(api.pid)]);
  await run(FEW_CYCLES);
  const few = residentMegabytes(api.pid);
  report.add('K', 'resident memory after 10,000 cycles', 'MB', [few]);
  for (let done = FEW_CYCLES; done < plan.manyCycles; done += CYCLES_PER_LOG) {
    await run(Math.min(CYCLES_PER_LOG, plan.manyCycles - done));
    api.truncateLog();
  }
  const many = residentMegabytes(api.pid);
  const cycles = plan.manyCycles.toLocaleString('en');
  report.add('K', `resident memory after ${cycles} cycles`, 'MB', [many]);
  report.add('K', `memory after ${cycles} against 10,000 cycles`, 'ratio', [many / few], 'memory');
  await api.stop();
}
