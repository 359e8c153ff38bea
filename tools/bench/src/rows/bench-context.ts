import { Child } from '../processes/child';
import { type LoadCommand, type LoadResult, oneMerchant } from '../load/load-command';
import type { BenchReport, RowName } from '../report/bench-report';
import type { BenchPlan } from './bench-plan';

/** What every row needs. */
export interface BenchContext {
  readonly plan: BenchPlan;
  readonly report: BenchReport;
  readonly load: Child<LoadCommand, LoadResult>;
  /** The folder of another build, beside which rows M and N measure this one. */
  readonly against?: string;
  wants(row: RowName): boolean;
}

/** Compiles the hot path of a server, and fills its caches. */
export async function warmUp({ load, plan }: BenchContext, port: number, merchant: string): Promise<void> {
  const merchants = oneMerchant(merchant);
  const until = { cycles: plan.warmUpCycles };
  await load.ask({ kind: 'closed-loop', ports: [port], connections: 16, until, merchants });
}
