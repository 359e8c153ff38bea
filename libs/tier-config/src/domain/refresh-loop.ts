import type { Timers } from './timers';

/**
 * Runs a task now, again and again after a pause, and whenever it is asked to. Two runs never overlap; a request during
 * a run leads to one more run after it, so that whoever asked gets a run that began after the question.
 */
export class RefreshLoop {
  private running: Promise<void> | null = null;
  private next: Promise<void> | null = null;
  private cancelTimer: () => void = () => undefined;
  private stopped = false;

  /** @param task must not fail @param pauseMs from the end of a run to the start of the next, asked after each run */
  constructor(
    private readonly task: () => Promise<void>,
    private readonly pauseMs: () => number,
    private readonly timers: Timers,
  ) {}

  /** It may be called again after `stop`. @returns after the first run */
  async start(): Promise<void> {
    this.stopped = false;
    await this.runNow();
    this.schedule();
  }

  /** @returns when no run is under way; none will follow */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelTimer();
    await (this.next ?? this.running);
  }

  /** @returns after a run that began now or later; at once where the loop has stopped */
  runNow(): Promise<void> {
    if (this.running === null) return this.run();
    this.next ??= this.running.then(() => this.run());
    return this.next;
  }

  private run(): Promise<void> {
    this.next = null;
    if (this.stopped) return Promise.resolve();
    this.running = this.task().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private schedule(): void {
    if (this.stopped) return;
    this.cancelTimer = this.timers.after(this.pauseMs(), () => {
      void this.runNow().then(() => this.schedule());
    });
  }
}
