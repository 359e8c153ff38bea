import { backOffMs, type BackOffPolicy } from './back-off';
import type { Clock } from './clock';

export interface RunResult {
  /** Asks for the next run after that time, where the interval is not over before. */
  readonly againAfterMs?: number;
}

export interface PeriodicLoopOptions {
  /** From the end of a good run to the next one. */
  readonly intervalMs: number;
  /** The shortest time between the end of a run and one that `runNow` asked for; 0 unless given. */
  readonly minGapMs?: number;
  /** In place of the interval while runs fail; `runNow` does not shorten it. */
  readonly backOff: BackOffPolicy;
  readonly clock: Clock;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  /** Called after each failed run. Must not throw. */
  readonly onFailure: (error: unknown, failuresInARow: number) => void;
}

/**
 * Runs a job at once and then again and again, either from `start` to `stop` or for the time of one `run`.
 *
 * Guarantees: one run at a time; a failed run is reported, and repeated after a back-off, and never ends the loop; any
 * number of requests during a run, or before the next, cause exactly one more.
 */
export class PeriodicLoop {
  private isRunning = false;
  private isRequested = false;
  /** Whoever waits for the end of the next run to begin. */
  private waiting: (() => void)[] = [];
  private endPause: () => void = () => undefined;
  /** From `start` to `stop`. */
  private stopping: AbortController | null = null;
  /** The run of the last `start`; `null` where it has ended. */
  private running: Promise<void> | null = null;

  constructor(
    private readonly job: (signal: AbortSignal) => Promise<RunResult | void>,
    private readonly options: PeriodicLoopOptions,
  ) {}

  /**
   * Runs until `stop`, after which it may be called again; without effect before that.
   * @returns after the first run, whether it failed or not; never rejects
   */
  async start(): Promise<void> {
    if (this.stopping) return;
    const { signal } = (this.stopping = new AbortController());
    // More than once, where others have waited for the same run.
    while (this.running) await this.running;
    const firstRun = this.endOfNextRun();
    this.running = this.run(signal).finally(() => (this.running = null));
    await firstRun;
  }

  /** @returns when no run is under way; none will follow. Safe to repeat, and without `start` */
  async stop(): Promise<void> {
    this.stopping?.abort();
    this.stopping = null;
    await this.running;
  }

  /**
   * Asks for a run before the interval is over. Neither `minGapMs` nor a back-off is cut short.
   * @returns after a run that began later; at once where the loop does not run, or when it ends; never rejects
   */
  async runNow(): Promise<void> {
    if (!this.isRunning) return;
    this.isRequested = true;
    this.endPause();
    await this.endOfNextRun();
  }

  /**
   * Runs for the time of the signal, in place of `start` and `stop`; call it once at a time.
   * @returns when the signal is aborted and the job has settled; never rejects
   */
  async run(signal: AbortSignal): Promise<void> {
    this.isRunning = true;
    let failuresInARow = 0;
    while (!signal.aborted) {
      const result = await this.runOnce(signal, failuresInARow + 1);
      failuresInARow = result ? 0 : failuresInARow + 1;
      await (result ? this.pause(result, signal) : this.backOff(failuresInARow, signal));
    }
    this.isRunning = false;
    this.waiting.splice(0).forEach((wake) => wake());
  }

  private endOfNextRun(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private async runOnce(signal: AbortSignal, failuresInARow: number): Promise<RunResult | null> {
    this.isRequested = false;
    const waiting = this.waiting.splice(0);
    const result = await this.attempt(signal, failuresInARow);
    waiting.forEach((wake) => wake());
    return result;
  }

  /** @returns `null` where the run failed */
  private async attempt(signal: AbortSignal, failuresInARow: number): Promise<RunResult | null> {
    try {
      return (await this.job(signal)) ?? {};
    } catch (error) {
      // A job that has to stop may do so by throwing: that is no failure.
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
    await this.waitForRequest(waitMs - minGapMs, signal);
  }

  private async waitForRequest(ms: number, signal: AbortSignal): Promise<void> {
    if (this.isRequested || signal.aborted || ms <= 0) return;
    const pause = new AbortController();
    this.endPause = () => pause.abort();
    signal.addEventListener('abort', this.endPause);
    await this.options.clock.sleep(ms, pause.signal);
    signal.removeEventListener('abort', this.endPause);
  }
}
