import { setTimeout as sleep } from 'node:timers/promises';
import { type ExitStatus, TestProcess, waitFor } from '@smart-router/testbed';

export interface ChildPlan {
  /** As the user sees it: `api-0`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether it serves. An error means "not yet". */
  readonly isReady: () => Promise<boolean>;
  /** Asks it to end. Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** How long that may take. Default 20000. */
  readonly stopTimeoutMs?: number;
  /** It is asked to end that much later, when nothing new is sent to it any more. Default 0. */
  readonly stopDelayMs?: number;
}

/** A process ended that was to run for as long as the demo. */
export class ChildFailedError extends Error {
  readonly code = 'CHILD_FAILED';
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
const KEPT_LINES = 200;
const SHOWN_LINES = 15;

/**
 * One process of the demo. It comes back where a signal ended it, as a container does; where it ended by itself the demo
 * fails.
 */
export class Child {
  /** How often it was started. */
  starts = 0;
  private process: TestProcess | null = null;
  /** The one that has come to serve. */
  private serving: TestProcess | null = null;
  private isExpectedToEnd = false;
  /** The stop or the start that runs now. */
  private busy: Promise<void> = Promise.resolve();

  /** @param fail called where it ended by itself @param say takes lines for people */
  constructor(
    private readonly plan: ChildPlan,
    private readonly fail: (error: ChildFailedError) => void,
    private readonly say: (line: string) => void,
  ) {}

  get name(): string {
    return this.plan.name;
  }

  get isRunning(): boolean {
    return this.process !== null && this.process.exit === null;
  }

  /** Whether it has come to serve and has not ended since. */
  get isServing(): boolean {
    return this.serving !== null && this.serving.exit === null;
  }

  /** Whether it is about to end: nothing new should be sent to it. */
  get isStopping(): boolean {
    return this.isExpectedToEnd;
  }

  get pid(): number | null {
    return this.isRunning ? (this.process?.pid ?? null) : null;
  }

  /** Resolves when it serves. @throws ChildFailedError where it ends or hangs before that */
  start(): Promise<void> {
    return this.afterwards(async () => {
      this.isExpectedToEnd = false;
      let process = this.launch();
      while (!(await this.comesToServe(process))) process = this.launch();
      this.serving = process;
      const started = process;
      void process.exited.then((status) => this.onExit(started, status));
    });
  }

  /** Asks it to end, lets it do what it has begun, and waits; safe to repeat. */
  stop(): Promise<void> {
    this.isExpectedToEnd = true;
    return this.afterwards(async () => {
      const { stopDelayMs = 0, stopSignal = 'SIGTERM', stopTimeoutMs = STOP_TIMEOUT_MS } = this.plan;
      if (stopDelayMs > 0) await sleep(stopDelayMs);
      if (this.isRunning) await this.process?.terminate(stopTimeoutMs, stopSignal);
    });
  }

  /** SIGTERM now, whatever it does. Resolves when it has ended. */
  async end(): Promise<void> {
    this.isExpectedToEnd = true;
    if (this.isRunning) await this.process?.terminate(STOP_TIMEOUT_MS);
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** SIGKILL, as a fault: it comes back. */
  crash(): Promise<void> {
    return this.process?.kill() ?? Promise.resolve();
  }

  /** SIGKILL for good. */
  async kill(): Promise<void> {
    this.isExpectedToEnd = true;
    await this.process?.kill();
  }

  private launch(): TestProcess {
    const { args, command, env } = this.plan;
    this.starts++;
    this.process = TestProcess.start(command, args, { env, keepLines: KEPT_LINES, onParentEnd: 'terminate' });
    return this.process;
  }

  /** Resolves when it serves; `false` where it was crashed instead. @throws ChildFailedError where it ended by itself */
  private async comesToServe(process: TestProcess): Promise<boolean> {
    await waitFor(async () => process.exit !== null || (await this.plan.isReady()), {
      timeoutMs: START_TIMEOUT_MS,
      description: `${this.name} to serve`,
    });
    if (process.exit === null || this.isExpectedToEnd) return true;
    if (process.exit.signal === null) throw this.failure('did not start', process);
    return false;
  }

  private onExit(process: TestProcess, { signal }: ExitStatus): void {
    if (this.isExpectedToEnd) return;
    if (signal === null) return this.fail(this.failure(`ended by itself (code ${process.exit?.code})`, process));
    this.say(`${this.name} was ended by ${signal}; it starts again`);
    this.start().catch((error: unknown) => this.fail(new ChildFailedError(String(error), { cause: error })));
  }

  private failure(what: string, process: TestProcess): ChildFailedError {
    return new ChildFailedError(`${this.name} ${what}. Its last lines:\n${process.tail(SHOWN_LINES)}`);
  }

  /** One start or stop at a time, in the order in which they were asked for. */
  private afterwards(work: () => Promise<void>): Promise<void> {
    const done = this.busy.then(work);
    this.busy = done.catch(() => undefined);
    return done;
  }
}
