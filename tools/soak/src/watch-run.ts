import { sleep } from './clock';
import type { FaultCounts } from './faults/fault-counts';
import { API_KILL } from './faults/fault-lanes';
import type { HistoryFigures } from './history/history-recorder';
import type { SoakOptions } from './options';

const PROGRESS_INTERVAL_MS = 10_000;
const TICK_MS = 500;

export interface WatchedRun {
  readonly options: SoakOptions;
  readonly figures: HistoryFigures;
  readonly faults: FaultCounts;
  /** Ends the watch early. */
  readonly stopped: AbortSignal;
  /** Takes lines for people. */
  readonly say: (line: string) => void;
}

/** Resolves when time, operations and kills are reached, with the most memory that this process had, in MB. */
export async function watchRun({ options, figures, faults, stopped, say }: WatchedRun): Promise<number> {
  const startMs = performance.now();
  const secondsSoFar = (): number => (performance.now() - startMs) / 1000;
  const isReached = (): boolean =>
    secondsSoFar() >= options.minutes * 60 &&
    figures.operations >= options.minOperations &&
    faults.of(API_KILL) >= options.minKills;
  let peakMemoryMb = 0;
  let saidMs = startMs;
  while (!isReached() && !stopped.aborted) {
    await sleep(TICK_MS);
    peakMemoryMb = Math.max(peakMemoryMb, Math.round(process.memoryUsage.rss() / 2 ** 20));
    if (performance.now() - saidMs < PROGRESS_INTERVAL_MS) continue;
    saidMs = performance.now();
    say(`${secondsSoFar().toFixed(0)} s: ${figures.operations} operations, ${faults.of(API_KILL)} kills`);
  }
  return peakMemoryMb;
}
