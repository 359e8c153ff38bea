import { once } from 'node:events';
import { destination } from 'pino';
import type { LineWriter } from './batching-stream';

const STDOUT = 1;

/** What is waiting for a reader that does not read, before further lines are dropped. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/** How often what could not be written is tried again. */
const RETRY_MS = 1_000;

/** How long the end of the process waits for a reader. */
const FLUSH_MS = 500;

interface StdoutWriterOptions {
  /** Default: stdout. */
  readonly fd?: number;
  /** Default 16 MiB. */
  readonly maxWaitingBytes?: number;
  /** Default: a second. */
  readonly retryMs?: number;
  /** How long the end of the process waits for a write. Default: half a second. */
  readonly flushMs?: number;
}

/**
 * Writes to stdout and never keeps the process from its work: where nobody reads, or the disk is full, lines wait in
 * memory, then are dropped and counted, and the end of the process waits half a second for them and no longer. What
 * waits is tried again once a second, so that the log continues when the cause is gone.
 */
export class StdoutWriter implements LineWriter {
  private lost = 0;
  private isWriting = false;
  private isFailing = false;
  private isGivenUp = false;
  private flushEndsAt = Infinity;
  private retry: NodeJS.Timeout | undefined;

  private readonly stream: ReturnType<typeof destination>;
  private readonly retryMs: number;
  private readonly flushMs: number;

  constructor(options: StdoutWriterOptions = {}) {
    const { fd = STDOUT, maxWaitingBytes = MAX_WAITING_BYTES, retryMs = RETRY_MS, flushMs = FLUSH_MS } = options;
    this.retryMs = retryMs;
    this.flushMs = flushMs;
    if (fd === STDOUT) letStdoutRefuse();
    this.stream = destination({
      dest: fd,
      sync: false,
      maxLength: maxWaitingBytes,
      retryEAGAIN: () => performance.now() < this.flushEndsAt,
    });
    this.stream.on('drop', (text) => this.lose(text));
    this.stream.on('error', () => this.failed());
    this.stream.on('drain', () => (this.isFailing = this.isWriting = false));
  }

  /** Whether the last write failed. */
  get isStuck(): boolean {
    return this.isFailing;
  }

  /** Lines that will never be written. */
  get lostLines(): number {
    return this.lost;
  }

  write(text: string): void {
    if (this.isGivenUp) {
      this.lose(text);
      return;
    }
    this.isWriting = true;
    this.stream.write(text);
  }

  /** Resolves when everything so far is written, or a write has failed, at most half a second later. Never rejects. */
  async settled(): Promise<void> {
    if (!this.isWriting || this.isFailing) return;
    const signal = AbortSignal.timeout(this.flushMs);
    // An error of the stream or the time-out ends the wait as well.
    await once(this.stream, 'drain', { signal }).catch(() => undefined);
  }

  flushSync(): void {
    if (this.isGivenUp) return;
    this.flushEndsAt = performance.now() + this.flushMs;
    try {
      // On a full disk it would try for ever.
      if (this.isFailing) this.giveUp();
      else this.stream.flushSync();
    } catch {
      // Nobody reads: there is nowhere to say so.
      this.giveUp();
    }
    this.flushEndsAt = Infinity;
  }

  /** The next line tries again, but where no more may wait it is dropped before it does. */
  private failed(): void {
    this.isFailing = true;
    if (this.isGivenUp) return;
    clearTimeout(this.retry);
    // Writing nothing makes the stream write what it holds.
    this.retry = setTimeout(() => this.stream.write(''), this.retryMs).unref();
  }

  private giveUp(): void {
    this.isGivenUp = true;
    clearTimeout(this.retry);
    // Otherwise it would try once more when the process exits.
    this.stream.destroy();
  }

  private lose(text: string): void {
    this.lost += text.split('\n').length - 1;
  }
}

/**
 * Node opens a pipe of stdout for writing without waiting as soon as somebody asks for the stream. A write that waits
 * for a reader would hold a thread, and the process could not even exit.
 */
function letStdoutRefuse(): NodeJS.WriteStream {
  return process.stdout;
}
