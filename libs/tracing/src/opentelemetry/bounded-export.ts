import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type Span,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import { type Context, TraceFlags } from '@opentelemetry/api';
import type { ExportObserver } from '../tracer';

/** About 2 kB each: what a collector that hangs may cost. */
const MAX_WAITING = 4_096;
const BATCH = 512;
const DELAY_MS = 1_000;

/**
 * Carries ended spans to the collector in the background, in batches.
 *
 * Invariants: nothing that ends a span waits; at most `MAX_WAITING` spans are in memory, those of the batch under way
 * included; each span that is not delivered is counted, for one of two reasons.
 */
export class BoundedExport implements SpanProcessor {
  private readonly batches: BatchSpanProcessor;
  private waiting = 0;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly observer: ExportObserver,
  ) {
    this.batches = new BatchSpanProcessor({
      exporter: {
        export: (spans, done) => this.deliver(spans, done),
        shutdown: () => exporter.shutdown(),
        forceFlush: async () => exporter.forceFlush?.(),
      },
      maxQueueSize: MAX_WAITING,
      maxExportBatchSize: BATCH,
      scheduledDelayMillis: DELAY_MS,
    });
  }

  onStart(span: Span, parent: Context): void {
    this.batches.onStart(span, parent);
  }

  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
    if (this.waiting >= MAX_WAITING) return this.observer.spansDropped('queue_full', 1);
    this.waiting += 1;
    this.batches.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return this.batches.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.batches.shutdown();
  }

  /** Sends what waits, for at most this time; what is left then is counted as lost. */
  async close(limitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
    // Why it failed was reported with the batch.
    await Promise.race([this.batches.shutdown().catch(() => undefined), limit]);
    clearTimeout(timer);
    if (this.waiting > 0) this.observer.spansDropped('export_failed', this.waiting);
    this.waiting = 0;
  }

  private deliver(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.exporter.export(spans, (result) => {
      const isDelivered = result.code === ExportResultCode.SUCCESS;
      this.waiting = Math.max(0, this.waiting - spans.length);
      if (!isDelivered) this.observer.spansDropped('export_failed', spans.length);
      this.observer.exportFailed(isDelivered ? null : (result.error ?? new Error('no reason given')));
      done(result);
    });
  }
}
