import { setTimeout as sleep } from 'node:timers/promises';
import { EXCLUSIVE } from '../floor/fleet-names';
import { type LoadResult, oneMerchant } from '../load/load-command';
import { type Contestant, inRounds } from '../measure/rounds';
import { pairRatios } from '../measure/statistics';
import type { BenchContext } from './bench-context';
import type { StandardFleet } from './standard-fleet';

const CYCLES_PER_SECOND = 300;
const ZOMBIES_PER_SECOND = 200;
const ZOMBIE_LEASE_MS = 500;

/** Rows G and I: calls by the clock; on the product, on F1, and on the product while the leader works hard. */
export async function measureArrivals(context: BenchContext, standard: StandardFleet): Promise<void> {
  const { api, floor } = standard;
  const product = () => runArrivals(context, api.port);
  const contestants: Record<string, Contestant<LoadResult>> = {
    product,
    ...(context.wants('G') && { floor: () => runArrivals(context, floor.port) }),
    ...(context.wants('I') && { besideLeader: () => besideLeader(standard, product) }),
  };
  await product();
  const before = await reconciles(standard);
  const results = await inRounds(context.plan.openLoopRounds, contestants);
  const { product: alone = [], floor: bare, besideLeader: beside } = results;
  if (bare) reportArrivals(context, alone, bare);
  if (!beside) return;
  const after = await reconciles(standard);
  reportBesideLeader(context, alone, beside, {
    count: after.count - before.count,
    seconds: after.seconds - before.seconds,
  });
}

function runArrivals({ load, plan }: BenchContext, port: number): Promise<LoadResult> {
  const merchants = oneMerchant(EXCLUSIVE.merchant);
  const seconds = plan.openLoopSeconds;
  return load.ask({ kind: 'open-loop', port, cyclesPerSecond: CYCLES_PER_SECOND, seconds, merchants });
}

const RANKS = ['p50', 'p99', 'p999'] as const;
const NAMES = { p50: 'p50', p99: 'p99', p999: 'p99.9' };

const ranked = (results: readonly LoadResult[], rank: (typeof RANKS)[number]): number[] =>
  results.map(({ latencyMs }) => latencyMs[rank]);

function reportArrivals({ report }: BenchContext, product: readonly LoadResult[], floor: readonly LoadResult[]): void {
  for (const rank of RANKS) {
    const [ours, bare] = [ranked(product, rank), ranked(floor, rank)];
    report.add('G', `300 calls/s by the clock: allocate ${NAMES[rank]}`, 'ms', ours);
    report.add('G', `300 calls/s by the clock, floor F1: allocate ${NAMES[rank]}`, 'ms', bare);
    report.add('G', `300 calls/s by the clock: ${NAMES[rank]} against F1`, 'ratio', pairRatios(ours, bare));
  }
}

function reportBesideLeader(
  { report }: BenchContext,
  alone: readonly LoadResult[],
  beside: readonly LoadResult[],
  passes: Passes,
): void {
  const ratios = pairRatios(ranked(beside, 'p99'), ranked(alone, 'p99'));
  report.add('I', 'allocate p99 while the leader reconciles and cleans up', 'ms', ranked(beside, 'p99'));
  report.add('I', 'allocate p99 without that', 'ms', ranked(alone, 'p99'));
  report.add('I', 'p99 with against without', 'ratio', ratios, 'tail beside reconciling');
  report.add('I', 'passes over 10,000 pods meanwhile', 'passes', [passes.count]);
  const meanMs = (1000 * passes.seconds) / passes.count;
  report.add('I', 'a pass over 10,000 pods, beside 300 calls/s', 'ms', [meanMs], 'pass over 10,000 pods');
}

/** Asks for a reconcile every second, and leaves calls behind whose leases run out, as long as `work` continues. */
async function besideLeader<Result>(standard: StandardFleet, work: () => Promise<Result>): Promise<Result> {
  const over = new AbortController();
  const disturbance = disturb(standard, over.signal);
  try {
    return await work();
  } finally {
    over.abort();
    await disturbance;
  }
}

async function disturb({ api, fleet }: StandardFleet, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    const answer = await fetch(`http://127.0.0.1:${api.port}/api/v1/reconcile`, { method: 'POST' });
    if (!answer.ok) throw new Error(`reconcile was answered with ${answer.status}`);
    const round = performance.now();
    const zombies = Array.from({ length: ZOMBIES_PER_SECOND }, (_, index) => `zombie-${round}-${index}`);
    await Promise.all(zombies.map((callSid) => fleet.allocateShared(callSid, ZOMBIE_LEASE_MS)));
    await sleep(1000);
  }
}

/** Passes over everything that the leader has completed so far, and how long they took together. */
interface Passes {
  readonly count: number;
  readonly seconds: number;
}

async function reconciles({ leader }: StandardFleet): Promise<Passes> {
  const metrics = await (await fetch(`http://127.0.0.1:${leader.ports.metrics_port}/metrics`)).text();
  const read = (part: 'count' | 'sum'): number =>
    Number(new RegExp(`^smart_router_reconcile_duration_seconds_${part}\\S* (\\S+)`, 'm').exec(metrics)?.[1] ?? 0);
  return { count: read('count'), seconds: read('sum') };
}
