import { parseArgs } from 'node:util';
import type { RowName } from './report/bench-report';
import { type BenchPlan, FULL_PLAN, MILLION_CYCLES, QUICK_PLAN } from './rows/bench-plan';

export const ROWS: readonly RowName[] = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L'];

export interface BenchOptions {
  readonly plan: BenchPlan;
  readonly quick: boolean;
  readonly rows: ReadonlySet<RowName>;
  /** Whether CPU profiles of the API processes are written. */
  readonly cpuProf: boolean;
}

/** @throws where a row or an option is not known */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      million: { type: 'boolean', default: false },
      rows: { type: 'string', default: ROWS.join(',') },
      'cpu-prof': { type: 'boolean', default: false },
    },
  });
  const { quick, million, rows, 'cpu-prof': cpuProf } = values;
  const chosen = quick ? QUICK_PLAN : FULL_PLAN;
  const plan = million ? { ...chosen, manyCycles: MILLION_CYCLES } : chosen;
  return { plan, quick, rows: new Set(rows.split(',').map(rowOf)), cpuProf };
}

function rowOf(text: string): RowName {
  const row = ROWS.find((name) => name === text.trim().toUpperCase());
  if (row === undefined) throw new Error(`there is no row ${text}: choose from ${ROWS.join(', ')}`);
  return row;
}
