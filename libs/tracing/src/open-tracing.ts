import { hostname } from 'node:os';
import type { EventLogger } from '@smart-router/logging';
import type { SecretSource, Settings } from '@smart-router/settings';
import { activateTracer } from './active-tracer';
import { exportReports } from './metrics/export-reports';
import type { Tracing } from './tracer';

/**
 * Opens traces where `OTEL_EXPORTER_OTLP_ENDPOINT` is set, and makes their tracer that of this process. OpenTelemetry is
 * loaded here and nowhere else, so that a process without traces holds nothing of it.
 * @returns `null` where they are off
 */
export async function openTracing(
  { tracing, version }: Settings,
  secrets: SecretSource,
  logger: EventLogger,
): Promise<Tracing | null> {
  if (!tracing) return null;
  const { openOpenTelemetry } = await import('./opentelemetry/open-opentelemetry');
  const opened = openOpenTelemetry({
    endpoint: tracing.endpoint,
    timeoutMs: tracing.timeoutMs,
    headers: () => secrets.current.tracingHeaders,
    resource: {
      ...tracing.resourceAttributes,
      'service.name': tracing.serviceName,
      'service.version': version,
      'service.instance.id': `${hostname()}-${process.pid}`,
    },
    sampler: tracing.sampler,
    observer: exportReports(logger),
  });
  activateTracer(opened.tracer);
  return opened;
}
