import type { EventLogger } from '@smart-router/logging';
import { counter } from '@smart-router/metrics';
import type { ExportObserver } from '../tracer';

/** Counts lost spans, and logs once when the collector stops taking them and once when it takes them again. */
export function exportReports(logger: EventLogger): ExportObserver {
  const dropped = counter({
    name: 'smart_router_spans_dropped_total',
    help: 'Spans of traces that never reached the collector, since too many waited or it did not take them',
    labelNames: ['reason'] as const,
  });
  // The series exist from the start, so that the first loss is an increase.
  for (const reason of ['queue_full', 'export_failed'] as const) dropped.inc({ reason }, 0);
  let isFailing = false;
  return {
    spansDropped: (reason, count) => dropped.inc({ reason }, count),
    exportFailed: (error) => {
      if ((error !== null) === isFailing) return;
      isFailing = error !== null;
      if (error === null) logger.info({}, 'the collector takes traces again');
      else logger.warn({ reason: reasonOf(error) }, 'the collector takes no traces, calls are not affected');
    },
  };
}

/** A code where there is one: the text may repeat what the collector answered. */
function reasonOf(error: Error): string {
  const { code } = error as { code?: unknown };
  return code === undefined ? error.message.slice(0, 200) : String(code);
}
