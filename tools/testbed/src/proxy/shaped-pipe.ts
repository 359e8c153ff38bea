import type { Readable, Writable } from 'node:stream';
import type { LineShape } from './line-conditions';

/** More than this is not taken from the source while it waits to be sent. */
const MAX_QUEUED_BYTES = 1024 * 1024;
/** On a narrow line bytes arrive in about this many portions a second, not in one go at the end. */
const PORTIONS_PER_SECOND = 50;

interface Delivery {
  /** `null`: the end of the stream. */
  readonly bytes: Buffer | null;
  readonly dueMs: number;
}

/** One direction of a connection: writes to `sink` what it is given, later and more slowly, in order. */
export class ShapedPipe {
  private readonly queue: Delivery[] = [];
  private queuedBytes = 0;
  private lastDueMs = 0;
  private lineFreeAtMs = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly source: Pick<Readable, 'pause' | 'resume'>,
    private readonly sink: Writable,
    private readonly shape: LineShape,
    private readonly random: () => number,
  ) {
    sink.on('drain', () => this.resumeSource());
  }

  send(bytes: Buffer): void {
    for (const portion of this.portions(bytes)) this.enqueue(portion);
    this.deliverDue();
  }

  /** Ends the sink after all that was sent before. */
  end(): void {
    this.enqueue(null);
    this.deliverDue();
  }

  /** Forgets what is still on its way. */
  discard(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.queue.length = 0;
    this.queuedBytes = 0;
  }

  private portions(bytes: Buffer): Buffer[] {
    const { bytesPerSecond } = this.shape;
    if (bytesPerSecond === null) return [bytes];
    const size = Math.max(1, Math.floor(bytesPerSecond / PORTIONS_PER_SECOND));
    const count = Math.ceil(bytes.length / size);
    return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
  }

  private enqueue(bytes: Buffer | null): void {
    const { latencyMs, jitterMs, bytesPerSecond } = this.shape;
    const length = bytes?.length ?? 0;
    const startMs = Math.max(performance.now(), this.lineFreeAtMs);
    this.lineFreeAtMs = bytesPerSecond === null ? startMs : startMs + (length * 1000) / bytesPerSecond;
    // Jitter must not let a chunk overtake the one before it: this is TCP.
    this.lastDueMs = Math.max(this.lastDueMs, this.lineFreeAtMs + latencyMs + this.random() * jitterMs);
    this.queue.push({ bytes, dueMs: this.lastDueMs });
    this.queuedBytes += length;
    if (this.queuedBytes > MAX_QUEUED_BYTES) this.source.pause();
  }

  private deliverDue(): void {
    this.timer = null;
    const now = performance.now();
    for (let next = this.queue[0]; next && next.dueMs <= now; next = this.queue[0]) {
      this.queue.shift();
      this.deliver(next.bytes);
    }
    const [next] = this.queue;
    if (next) this.timer = setTimeout(() => this.deliverDue(), next.dueMs - now);
  }

  private deliver(bytes: Buffer | null): void {
    if (this.sink.destroyed || this.sink.writableEnded) return;
    if (bytes === null) {
      this.sink.end();
      return;
    }
    this.queuedBytes -= bytes.length;
    if (!this.sink.write(bytes)) this.source.pause();
    else this.resumeSource();
  }

  private resumeSource(): void {
    if (this.queuedBytes <= MAX_QUEUED_BYTES && !this.sink.writableNeedDrain) this.source.resume();
  }
}
