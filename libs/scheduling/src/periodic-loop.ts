import { backOffMs, type BackOff } from './back-off';
import type { Clock } from './clock';

export interface RunResult {
  /** Asks for the next run after so long, where the interval is not over before. */
  readonly againAfterMs?: number;
}

export interface PeriodicLoopOptions {
  /** From the end of a good run to the next one. */
  readonly intervalMs: number;
  /** The shortest time between the end of a run and one that `trigger` asked for; 0 unless given. */
  readonly minGapMs?: number;
  /** In place of the interval while runs fail; triggers do not shorten it. */
  readonly backOff: BackOff;
  readonly clock: Clock;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  /** Told of each failed run. Must not throw. */
  readonly onFailure: (error: unknown, failuresInARow: number) => void;
}

/**
 * Runs a job at once and then again and again.
 *
 * Guarantees: one run at a time; a failed run is told, and repeated after a back-off, and never ends the loop; any
 * number of triggers during a run, or before the next, cause exactly one more.
 */
export class PeriodicLoop {
  private triggered = false;
  private endWait: () => void = () => undefined;

  constructor(
    private readonly job: (signal: AbortSignal) => Promise<RunResult | void>,
    private readonly options: PeriodicLoopOptions,
  ) {}

  /** Asks for a run before the interval is over; without effect while `run` is not called. */
  trigger(): void {
    this.triggered = true;
    this.endWait();
  }

  /**
   * Runs until the signal is aborted; call it once at a time.
   * @returns when the signal is aborted and the job has settled; never rejects
   */
  async run(signal: AbortSignal): Promise<void> {
    let failuresInARow = 0;
    while (!signal.aborted) {
      this.triggered = false;
      const result = await this.attempt(signal, failuresInARow + 1);
      failuresInARow = result ? 0 : failuresInARow + 1;
      await (result ? this.pause(result, signal) : this.backOff(failuresInARow, signal));
    }
  }

  /** @returns `null` where the run failed */
  private async attempt(signal: AbortSignal, failuresInARow: number): Promise<RunResult | null> {
    try {
      return (await this.job(signal)) ?? {};
    } catch (error) {
      // A job that was told to stop may say so by throwing: that is no failure.
      if (!signal.aborted) this.options.onFailure(error, failuresInARow);
      return null;
    }
  }

  private backOff(failuresInARow: number, signal: AbortSignal): Promise<void> {
    const { backOff, clock, random } = this.options;
    return clock.sleep(backOffMs(backOff, failuresInARow, random()), signal);
  }

  private async pause({ againAfterMs = Infinity }: RunResult, signal: AbortSignal): Promise<void> {
    const { clock, intervalMs, minGapMs = 0 } = this.options;
    const waitMs = Math.min(intervalMs, againAfterMs);
    await clock.sleep(Math.min(minGapMs, waitMs), signal);
    await this.waitForTrigger(waitMs - minGapMs, signal);
  }

  private async waitForTrigger(ms: number, signal: AbortSignal): Promise<void> {
    if (this.triggered || signal.aborted || ms <= 0) return;
    const wait = new AbortController();
    this.endWait = () => wait.abort();
    signal.addEventListener('abort', this.endWait);
    await this.options.clock.sleep(ms, wait.signal);
    signal.removeEventListener('abort', this.endWait);
  }
}
