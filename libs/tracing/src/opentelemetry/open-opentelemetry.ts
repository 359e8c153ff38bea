// A bundle keeps this file and what it imports in a file of its own, which is loaded where traces are on. So nothing in this
// folder imports another library of ours but for types: that file would have a second copy of it.
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import type { ExportObserver, Tracing } from '../tracer';
import { BoundedExport } from './bounded-export';
import { OpenTelemetryTracer } from './opentelemetry-tracer';
import { type SamplerChoice, samplerOf } from './sampler';

interface OpenTelemetryOptions {
  /** The base URL of the collector, without `/v1/traces`. */
  readonly endpoint: string;
  /** Sending one batch, with all its retries. */
  readonly timeoutMs: number;
  /** Looked up for each request to the collector. */
  readonly headers: () => Readonly<Record<string, string>>;
  /** What is said of this process. */
  readonly resource: Readonly<Record<string, string>>;
  readonly sampler: SamplerChoice;
  readonly observer: ExportObserver;
}

/** Traces through the SDK of OpenTelemetry. Nothing global is set, and no library is instrumented. */
export function openOpenTelemetry(options: OpenTelemetryOptions): Tracing {
  const exporter = new OTLPTraceExporter({
    url: `${options.endpoint}/v1/traces`,
    timeoutMillis: options.timeoutMs,
    headers: () => Promise.resolve({ ...options.headers() }),
  });
  const spans = new BoundedExport(exporter, options.observer);
  const provider = new TracerProvider({
    resource: resourceFromAttributes(options.resource),
    sampler: samplerOf(options.sampler),
    spanProcessors: [spans],
    spanLimits: { attributeValueLengthLimit: 512, attributeCountLimit: 32 },
  });
  return {
    tracer: new OpenTelemetryTracer(provider.getTracer('smart-router', options.resource['service.version'])),
    close: (limitMs) => spans.close(limitMs),
  };
}
