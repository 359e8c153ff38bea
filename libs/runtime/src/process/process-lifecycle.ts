import type { LogFields, Logger, RootLogger } from '@smart-router/logging';

/** What to do when the process is asked to end, once it runs. Resolves when everything is closed. */
type Shutdown = () => Promise<void>;

/**
 * What asks a process to end. By default a lost terminal (SIGHUP) and SIGQUIT, which some images set as their STOPSIGNAL,
 * would end it at once, with calls in flight.
 */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * Decides how and when this process ends: on a signal that asks for it after an orderly shutdown with 0, or with 1 where
 * that takes too long; on an error that nobody caught with 1. Every way out writes the log first.
 */
export class ProcessLifecycle {
  private readonly logger: Logger;
  private shutdown: Shutdown | undefined;
  private ending = false;

  constructor(
    private readonly root: RootLogger,
    private readonly timeoutMs: number,
  ) {
    this.logger = root.logger;
  }

  /** Listens for signals and uncaught errors from now on. */
  watch(): this {
    for (const signal of SIGNALS) process.on(signal, () => this.onSignal(signal));
    for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
      process.on(event, (error: unknown) => this.fail(error, 'uncaught error'));
    }
    return this;
  }

  /** From now on a signal means this orderly shutdown; before, there is nothing to finish and the process just ends. */
  onceStarted(shutdown: Shutdown): void {
    this.shutdown = shutdown;
  }

  /** Ends the process with exit code 1 and one line that says why. */
  fail(error: unknown, message: string): void {
    this.logger.fatal(failureFields(error), message);
    this.exit(1);
  }

  private onSignal(signal: NodeJS.Signals): void {
    if (this.ending) {
      this.logger.info({ signal }, 'shutdown is under way already');
      return;
    }
    this.ending = true;
    this.logger.info({ signal }, 'shutdown began');
    if (this.shutdown) void this.end(this.shutdown);
    else this.exit(0);
  }

  private async end(shutdown: Shutdown): Promise<void> {
    setTimeout(() => {
      this.logger.error({ timeout_ms: this.timeoutMs }, 'shutdown took too long');
      this.exit(1);
    }, this.timeoutMs);
    try {
      await shutdown();
      await this.root.settled();
      this.logger.info('shutdown complete');
      this.exit(0);
    } catch (error) {
      this.fail(error, 'shutdown failed');
    }
  }

  private exit(code: number): void {
    this.root.flush();
    process.exit(code);
  }
}

/** An error with a code says itself what is wrong; of any other one the stack is needed. */
function failureFields(error: unknown): LogFields {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return error instanceof Error && code !== undefined ? { code, reason: error.message } : { err: error };
}
