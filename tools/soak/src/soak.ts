import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { HistoryJudge } from '@smart-router/history-checker';
import { FaultCounts } from './faults/fault-counts';
import { injectFaults, killApis } from './faults/fault-lanes';
import { type Fleet, startFleet } from './fleet/fleet';
import { maxCallsOf } from './fleet/pods';
import { readPods } from './fleet/read-pods';
import { HistoryRecorder } from './history/history-recorder';
import { judgeQuietFleet } from './history/judge-quiet-fleet';
import { configureMerchants, runCallers } from './load/start-callers';
import type { SoakOptions } from './options';
import type { SoakResult } from './report';
import { SeededRandom } from './seeded-random';
import { watchRun } from './watch-run';

/** Each lane has its own source of chance, so that none depends on how fast another one goes. */
const LANES = { line: 0, faults: 1, kills: 2, firstClient: 3 };

/**
 * Runs the load and the faults side by side until time, operations and kills are reached, lets all calls end, and
 * judges the history. @param say takes lines for people. @throws where the fleet cannot be started or does not come back
 */
export async function soak(options: SoakOptions, say: (line: string) => void): Promise<SoakResult> {
  const random = new SeededRandom(options.seed);
  const lineRandom = random.fork(LANES.line);
  const fleet = await startFleet(options.apps, () => lineRandom.next());
  try {
    return await runOn(fleet, options, random, say);
  } finally {
    await fleet.stop();
  }
}

async function runOn(
  fleet: Fleet,
  options: SoakOptions,
  random: SeededRandom,
  say: (line: string) => void,
): Promise<SoakResult> {
  mkdirSync(options.reports, { recursive: true });
  const history = join(options.reports, `soak-${options.seed}.jsonl`);
  await configureMerchants(fleet);
  const tiers = new Map((await readPods(fleet.apis)).map(({ name, tier }) => [name, tier]));
  const judge = new HistoryJudge(maxCallsOf(tiers));
  const recorder = new HistoryRecorder(judge, history);
  const faults = new FaultCounts();
  const stop = new AbortController();
  const startMs = performance.now();

  const callers = runCallers(fleet, {
    count: options.clients,
    randomOf: (client) => random.fork(LANES.firstClient + client),
    recorder,
    stopped: stop.signal,
  });
  const lanes = Promise.all([
    injectFaults(fleet, random.fork(LANES.faults), faults, stop.signal),
    killApis(fleet, random.fork(LANES.kills), faults, stop.signal),
  ]).finally(() => stop.abort());
  const { figures } = recorder;
  const peakMemoryMb = await watchRun({ options, figures, faults, stopped: stop.signal, say });
  stop.abort();
  await lanes;
  await fleet.line.heal();
  say('no more faults; waiting for all calls to end');
  await callers;
  const seconds = (performance.now() - startMs) / 1000;
  await judgeQuietFleet(fleet, judge, figures);
  await recorder.finish();
  const { surpriseCount, surprises } = recorder;
  const verdict = judge.finish();
  return { options, seconds, figures, faults: faults.counts, verdict, surpriseCount, surprises, history, peakMemoryMb };
}
