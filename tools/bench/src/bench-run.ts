import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import type { BenchOptions } from './bench-options';
import { compareBuilds } from './compare/compare-builds';
import type { LoadCommand, LoadResult } from './load/load-command';
import { profileApis } from './processes/built-app';
import { Child } from './processes/child';
import { BenchReport, type RowName } from './report/bench-report';
import { markdownTable, progressLine } from './report/markdown-table';
import { measureArrivals } from './rows/arrivals';
import type { BenchContext } from './rows/bench-context';
import { measureBurst } from './rows/burst';
import { measureEmbedded } from './rows/embedded';
import { measureGrowth } from './rows/fleet-growth';
import { measureFootprint } from './rows/footprint';
import { measureRedisBenchmark } from './rows/redis-benchmark-row';
import { measureRoundTrips } from './rows/round-trips';
import { measureScripts } from './rows/script-fleet';
import { measureScaling } from './rows/scaling';
import { type StandardFleet, startStandardFleet } from './rows/standard-fleet';
import { measureThroughput } from './rows/throughput';

const REPORT_FILE = 'reports/bench.json';
/** The table as it stands in docs/evidence/benchmarks.md. */
const TABLE_FILE = 'reports/bench.md';
const PROFILE_FOLDER = 'reports/profiles';

/** Compares builds where that is asked for. Otherwise it measures the chosen rows, prints the table, and writes it as Markdown and, with the machine, as JSON. */
export async function runBench(options: BenchOptions): Promise<void> {
  const startedAt = new Date();
  const report = new BenchReport((line) => print(progressLine(line)));
  if (options.cpuProf) profileApis(PROFILE_FOLDER);
  const load = Child.start<LoadCommand, LoadResult>('load-generator');
  const { plan, rows, against } = options;
  const context = { plan, report, load, wants: (row: RowName) => rows.has(row), ...(against && { against }) };
  if (options.comparison) await compareBuilds(context, options.comparison, print);
  else await measureRows(context, { startedAt, quick: options.quick });
  await load.stop();
}

async function measureRows(
  context: BenchContext,
  { startedAt, quick }: { startedAt: Date; quick: boolean },
): Promise<void> {
  const { report } = context;
  await measureOnStandardFleet(context);
  if (context.wants('M') || context.wants('N')) await measureScripts(context);
  if (context.wants('A')) await measureRedisBenchmark(context);
  if (context.wants('E') || context.wants('H')) await measureGrowth(context);

  const table = markdownTable(report.lines);
  print(`\n${table}\n`);
  const run = { startedAt: startedAt.toISOString(), quick, machine: machine(), lines: report.lines };
  mkdirSync('reports', { recursive: true });
  writeFileSync(REPORT_FILE, `${JSON.stringify(run, null, 2)}\n`);
  writeFileSync(TABLE_FILE, `${table}\n`);
  print(`Written to ${REPORT_FILE} and ${TABLE_FILE}`);
}

type RowsOnStandardFleet = readonly [RowName[], (context: BenchContext, standard: StandardFleet) => Promise<void>][];

/** Rows that are measured together come together; K, which starts processes, comes last. */
const ROWS_ON_STANDARD_FLEET: RowsOnStandardFleet = [
  [['A', 'B', 'C'], measureThroughput],
  [['D'], measureRoundTrips],
  [['F'], (context, { api }) => measureBurst(context, api.port, { row: 'F', name: '' })],
  [['G', 'I'], measureArrivals],
  [['J'], measureScaling],
  [['L'], measureEmbedded],
  [['K'], measureFootprint],
];

async function measureOnStandardFleet(context: BenchContext): Promise<void> {
  const wanted = ROWS_ON_STANDARD_FLEET.filter(([rows]) => rows.some((row) => context.wants(row)));
  if (wanted.length === 0) return;
  const standard = await startStandardFleet(context);
  for (const [, measure] of wanted) await measure(context, standard);
  await standard.stop();
}

function machine(): Record<string, unknown> {
  const [first] = cpus();
  const memoryGigabytes = Math.round(totalmem() / 2 ** 30);
  return { cpu: first?.model, cores: cpus().length, memoryGigabytes, node: process.version, loadAverage: loadavg() };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
