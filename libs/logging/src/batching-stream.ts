import type { DestinationStream } from 'pino';

/** Where lines end up: writes what it gets as soon as it can, and everything that is left on `flushSync`. */
export interface LineWriter {
  write(text: string): unknown;
  /** Resolves when nothing is being written any more, or that takes too long. */
  settled(): Promise<void>;
  flushSync(): void;
}

/**
 * Passes the lines of one tick of the event loop on in one piece. A write per line costs as much as making the line, and
 * under load many requests end in one tick. A line leaves at the end of its tick whatever comes after, so that a crash
 * takes no more with it than the lines whose write was under way.
 */
export class BatchingStream implements DestinationStream {
  private lines = '';

  constructor(private readonly writer: LineWriter) {}

  write(line: string): void {
    if (this.lines === '') setImmediate(() => this.handOn());
    this.lines += line;
  }

  /** Resolves when the lines so far are written: what is flushed after that stands behind them. */
  settled(): Promise<void> {
    this.handOn();
    return this.writer.settled();
  }

  /** Writes everything now. pino calls it after each fatal line. */
  flushSync(): void {
    this.handOn();
    this.writer.flushSync();
  }

  private handOn(): void {
    const { lines } = this;
    if (lines === '') return;
    this.lines = '';
    this.writer.write(lines);
  }
}
