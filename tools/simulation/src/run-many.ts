import type { ProtocolName } from './protocol';
import { simulate } from './simulation';

export interface ManyRuns {
  /** Of the first run; the next ones count up from it. */
  readonly seed: number;
  readonly runs: number;
  readonly protocol: ProtocolName;
  readonly stopAtFirst?: boolean;
  /** Called after each run. */
  readonly onRun?: (done: number) => void;
}

export interface ManyResults {
  readonly runs: number;
  readonly operations: number;
  /** Runs in which the store lost something. */
  readonly losses: number;
  /** Each with the seed that shows it again. */
  readonly violations: readonly string[];
}

const MAX_KEPT = 20;

/** Runs one simulation for each seed. */
export async function runMany(options: ManyRuns): Promise<ManyResults> {
  const { seed, runs, protocol, stopAtFirst = false, onRun } = options;
  const violations: string[] = [];
  let operations = 0;
  let losses = 0;
  let done = 0;
  for (; done < runs && !(stopAtFirst && violations.length > 0); done++) {
    const result = await simulate(seed + done, protocol);
    operations += result.operations;
    losses += Math.min(1, result.losses);
    if (result.violations.length > 0 && violations.length < MAX_KEPT) {
      violations.push(`seed ${result.seed}, ${result.scenario}: ${result.violations.join('; ')}`);
    }
    onRun?.(done + 1);
  }
  return { runs: done, operations, losses, violations };
}
