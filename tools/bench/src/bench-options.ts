import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Comparison } from './compare/compare-builds';
import type { RowName } from './report/bench-report';
import { type BenchPlan, FULL_PLAN, MILLION_CYCLES, QUICK_PLAN } from './rows/bench-plan';

export const ROWS: readonly RowName[] = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N'];

export interface BenchOptions {
  readonly plan: BenchPlan;
  readonly quick: boolean;
  readonly rows: ReadonlySet<RowName>;
  /** Whether CPU profiles of the API processes are written. */
  readonly cpuProf: boolean;
  /** The folder of another build. */
  readonly against?: string;
  /** Where builds are compared; then there are no rows. */
  readonly comparison: Comparison | null;
}

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  million: { type: 'boolean', default: false },
  rows: { type: 'string' },
  'cpu-prof': { type: 'boolean', default: false },
  rounds: { type: 'string' },
  against: { type: 'string' },
  control: { type: 'boolean', default: false },
  cycles: { type: 'string', default: '3000' },
  connections: { type: 'string', default: '64' },
} as const;

/** @throws where a row or an option is not known, or a number is none */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const { quick, control, 'cpu-prof': cpuProf } = values;
  const plan = planOf(values);
  const rows = new Set(values.rows?.split(',').map(rowOf) ?? ROWS);
  const against = values.against === undefined ? {} : { against: resolve(values.against) };
  const load = { cycles: countOf('cycles', values.cycles), connections: countOf('connections', values.connections) };
  const isComparison = control || (values.against !== undefined && values.rows === undefined);
  return { plan, quick, rows, cpuProf, ...against, comparison: isComparison ? { ...against, control, ...load } : null };
}

function planOf({
  quick,
  million,
  rounds,
}: {
  quick: boolean;
  million: boolean;
  rounds?: string | undefined;
}): BenchPlan {
  const count = rounds === undefined ? undefined : countOf('rounds', rounds);
  return {
    ...(quick ? QUICK_PLAN : FULL_PLAN),
    ...(million && { memoryCycles: MILLION_CYCLES }),
    ...(count !== undefined && { rounds: count, loadRounds: count }),
  };
}

function countOf(option: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`--${option} must be a number of at least 1, not ${text}`);
  return count;
}

function rowOf(text: string): RowName {
  const row = ROWS.find((name) => name === text.trim().toUpperCase());
  if (row === undefined) throw new Error(`there is no row ${text}: choose from ${ROWS.join(', ')}`);
  return row;
}
