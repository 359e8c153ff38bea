import { EXCLUSIVE, SHARED } from '../floor/fleet-names';
import { getRequest } from '../load/http-requests';
import { type LoadResult, type Merchants, oneMerchant } from '../load/load-command';
import { commandCountsOf } from '../measure/command-stats';
import { inRounds } from '../measure/rounds';
import { pairRatios } from '../measure/statistics';
import type { BenchContext } from './bench-context';
import { type GrownFleet, VARIANTS, type VariantName, serveVariant } from './fleet-variants';

/** What is compared: the same load on fleets from the smallest to the largest. */
interface Comparison {
  readonly load: string;
  readonly merchants: (fleet: GrownFleet) => Merchants;
  readonly fleets: readonly VariantName[];
  readonly growing: 'pods' | 'merchants' | 'calls';
}

const ONE_EXCLUSIVE = { load: 'exclusive pool', merchants: () => oneMerchant(EXCLUSIVE.merchant) };
const ONE_SHARED = { load: 'shared pool', merchants: () => oneMerchant(SHARED.merchant) };
const ANY_MERCHANT = {
  load: 'any merchant',
  merchants: ({ variant }: GrownFleet): Merchants => ({ prefix: 'm-', order: 'random', count: variant.merchants }),
};

const COMPARISONS: readonly Comparison[] = [
  { ...ONE_EXCLUSIVE, growing: 'pods', fleets: ['fewPods', 'middle', 'manyPods'] },
  { ...ONE_SHARED, growing: 'pods', fleets: ['fewPods', 'middle', 'manyPods'] },
  { ...ANY_MERCHANT, growing: 'merchants', fleets: ['middle', 'manyMerchants'] },
  { ...ONE_EXCLUSIVE, growing: 'calls', fleets: ['middle', 'manyCalls'] },
  { ...ONE_SHARED, growing: 'calls', fleets: ['middle', 'manyCalls'] },
];

const COUNTED_CYCLES = 5_000;

type Fleets = ReadonlyMap<VariantName, GrownFleet>;

/** Rows E and H: fleets that differ in one number, all served at the same time. */
export async function measureGrowth(context: BenchContext): Promise<void> {
  const all = Object.keys(VARIANTS) as VariantName[];
  const names: readonly VariantName[] = context.wants('E') ? all : ['middle', 'manyCalls'];
  const fleets = new Map<VariantName, GrownFleet>();
  for (const name of names) fleets.set(name, await serveVariant(context, VARIANTS[name]));
  if (context.wants('E')) {
    for (const comparison of COMPARISONS) await compare(context, fleets, comparison);
    await countRoundTrips(context, fleets);
  }
  if (context.wants('H')) await measureStatus(context, fleets);
  for (const { fleet } of fleets.values()) await fleet.stop();
}

async function compare(context: BenchContext, all: Fleets, comparison: Comparison): Promise<void> {
  const { load, merchants, fleets, growing } = comparison;
  const until = { seconds: context.plan.roundSeconds };
  const p50s = await p50PerFleet(context, all, fleets, (grown) =>
    context.load.ask({
      kind: 'closed-loop',
      ports: [grown.port],
      connections: 1,
      until,
      merchants: merchants(grown),
    }),
  );
  for (const [index, name] of fleets.entries()) {
    const size = VARIANTS[name][growing].toLocaleString('en');
    context.report.add('E', `${load}, ${size} ${growing}: allocate p50`, 'ms', p50s[index] ?? []);
  }
  const ratios = pairRatios(p50s.at(-1) ?? [], p50s[0] ?? []);
  context.report.add('E', `${load}, most against fewest ${growing}`, 'ratio', ratios, 'growth');
}

/** More than one where the process cannot keep the chains of all merchants in mind. */
async function countRoundTrips({ load, report }: BenchContext, fleets: Fleets): Promise<void> {
  const grown = fleets.get('manyMerchants') as GrownFleet;
  const scripts = async (): Promise<number> => commandCountsOf(await grown.fleet.client.info('commandstats')).scripts;
  const before = await scripts();
  const until = { cycles: COUNTED_CYCLES };
  const merchants = ANY_MERCHANT.merchants(grown);
  await load.ask({ kind: 'closed-loop', ports: [grown.port], connections: 1, until, merchants });
  const releases = COUNTED_CYCLES;
  const perAllocate = ((await scripts()) - before - releases) / COUNTED_CYCLES;
  report.add('E', 'any of 100,000 merchants: scripts per allocate', 'calls', [perAllocate]);
}

async function measureStatus(context: BenchContext, fleets: Fleets): Promise<void> {
  const request = getRequest('/api/v1/status');
  const seconds = context.plan.roundSeconds;
  const [without = [], having = []] = await p50PerFleet(context, fleets, ['middle', 'manyCalls'], ({ port }) =>
    context.load.ask({ kind: 'repeated', port, request, seconds }),
  );
  context.report.add('H', '/status with 0 live calls: p50', 'ms', without);
  context.report.add('H', '/status with 100,000 live calls: p50', 'ms', having);
  context.report.add('H', '/status: with against without', 'ratio', pairRatios(having, without), 'status with calls');
}

/** @returns per fleet the p50 of each round */
async function p50PerFleet(
  { plan }: BenchContext,
  fleets: Fleets,
  names: readonly VariantName[],
  measure: (grown: GrownFleet) => Promise<LoadResult>,
): Promise<number[][]> {
  const contestants = names.map((name) => [name, () => measure(fleets.get(name) as GrownFleet)] as const);
  const results = await inRounds(plan.rounds, Object.fromEntries(contestants));
  return names.map((name) => (results[name] ?? []).map(({ latencyMs }) => latencyMs.p50));
}
