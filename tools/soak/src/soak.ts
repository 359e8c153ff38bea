import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AuditChecker, HistoryChecker, checkGrantCount } from '@smart-router/history-checker';
import { AuditReader } from './audit/audit-reader';
import { followAudit } from './audit/follow-audit';
import { FaultCounts } from './faults/fault-counts';
import { injectFaults, killApis } from './faults/fault-lanes';
import { type Fleet, startFleet } from './fleet/fleet';
import { FleetPlan } from './fleet/fleet-plan';
import { readPods } from './fleet/read-pods';
import { HistoryRecorder } from './history/history-recorder';
import { checkQuietFleet } from './history/check-quiet-fleet';
import { Operator } from './load/operator';
import { configureMerchants, runCallers } from './load/start-callers';
import type { SoakOptions } from './options';
import type { SoakResult } from './report';
import { SeededRandom } from '@smart-router/testbed';
import { watchRun } from './watch-run';

/** Each lane has its own source of chance, so that none depends on how fast another one goes. */
const LANES = { line: 0, faults: 1, kills: 2, operator: 3, firstClient: 4 };

/** The product repeats an end of a call that it could not acknowledge for up to two minutes. */
const LINGER_MS = 150_000;

const AUDIT_KEY = 'voice:audit';

/**
 * Runs the load and the faults side by side until time, operations and kills are reached, lets all calls end, and
 * checks the history. @param say takes lines for people. @throws where the fleet cannot be started or does not come back
 */
export async function soak(options: SoakOptions, say: (line: string) => void): Promise<SoakResult> {
  const random = new SeededRandom(options.seed);
  const lineRandom = random.fork(LANES.line);
  const fleet = await startFleet(options.apps, new FleetPlan(options.clients), () => lineRandom.next());
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
  const tiers = new Map((await readPods(fleet.apis)).map(({ pod_name, tier }) => [pod_name, tier]));
  const checker = new HistoryChecker(fleet.plan.maxCallsOf(tiers));
  const auditChecker = new AuditChecker((violation) => checker.report(violation), LINGER_MS * 1e6);
  const recorder = new HistoryRecorder(checker, auditChecker, history);
  const faults = new FaultCounts();
  const quiet = new AbortController();
  const reader = new AuditReader(fleet.redis.port, AUDIT_KEY);

  const audit = followAudit(reader, auditChecker, () => recorder.oldestNs(), quiet.signal);
  const load = await runLoad({ fleet, options, random, say, recorder, faults });
  await checkQuietFleet(fleet, checker);
  quiet.abort();
  const granted = await audit;
  reader.close();
  await recorder.finish();
  const { figures, surpriseCount, surprises } = recorder;
  const { freshGrants: fresh, unknownAllocations: unknown } = figures;
  const miscount = checkGrantCount({ granted, fresh, unknown });
  if (miscount) checker.report(miscount);
  const auditVerdict = auditChecker.finish();
  const verdict = checker.finish();
  return { options, ...load, figures, faults: faults.counts, verdict, auditVerdict, surpriseCount, surprises, history };
}

interface LoadedRun {
  readonly fleet: Fleet;
  readonly options: SoakOptions;
  readonly random: SeededRandom;
  readonly say: (line: string) => void;
  readonly recorder: HistoryRecorder;
  readonly faults: FaultCounts;
}

/** Clients, an operator and faults side by side. Resolves when all calls have ended and no pod drains any more. */
async function runLoad(run: LoadedRun): Promise<{ seconds: number; peakMemoryMb: number }> {
  const { fleet, options, random, say, recorder, faults } = run;
  const stop = new AbortController();
  const stopped = stop.signal;
  const startMs = performance.now();
  const randomOf = (client: number): SeededRandom => random.fork(LANES.firstClient + client);
  const callers = runCallers(fleet, { count: options.clients, randomOf, recorder, stopped });
  const operator = new Operator(fleet.apis, fleet.plan.podNames, random.fork(LANES.operator));
  const lanes = Promise.all([
    injectFaults(fleet, random.fork(LANES.faults), faults, stopped),
    killApis(fleet, random.fork(LANES.kills), faults, stopped),
    operator.run(stopped),
  ]).finally(() => stop.abort());
  const peakMemoryMb = await watchRun({ options, figures: recorder.figures, faults, stopped, say });
  stop.abort();
  await lanes;
  await fleet.proxy.heal();
  say('no more faults; waiting for all calls to end');
  await callers;
  await operator.undrainAll();
  return { seconds: (performance.now() - startMs) / 1000, peakMemoryMb };
}
