import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { type ReadableSpan, TracerProvider } from '@opentelemetry/sdk-trace';
import { BoundedExport } from './bounded-export';

const pending: ((result: ExportResult) => void)[] = [];

// A batch that is not answered keeps a timer.
afterEach(() => pending.splice(0).forEach((answer) => answer({ code: ExportResultCode.SUCCESS })));

/** An exporter that answers when the test says so, and never by itself. */
function openExport() {
  const batches: ReadableSpan[][] = [];
  const answers: ((result: ExportResult) => void)[] = [];
  const lost = { queue_full: 0, export_failed: 0 };
  const failures: (string | null)[] = [];
  const spans = new BoundedExport(
    {
      export: (batch, done) => {
        batches.push(batch);
        answers.push(done);
        pending.push(done);
      },
      shutdown: () => Promise.resolve(),
    },
    {
      spansDropped: (reason, count) => (lost[reason] += count),
      exportFailed: (error) => failures.push(error && error.message),
    },
  );
  const tracer = new TracerProvider({ spanProcessors: [spans] }).getTracer('test');
  const end = (count: number) => {
    for (let each = 0; each < count; each++) tracer.startSpan('work').end();
  };
  return { spans, batches, answers, lost, failures, end };
}

it('drops and counts what exceeds the queue while the collector does not answer', () => {
  const { batches, lost, end } = openExport();
  end(4_096 + 10);
  expect(batches.map(({ length }) => length)).toEqual([512]);
  expect(lost).toEqual({ queue_full: 10, export_failed: 0 });
});

it('has room again when a batch was taken', () => {
  const { answers, lost, failures, end } = openExport();
  end(4_096);
  answers[0]?.({ code: ExportResultCode.SUCCESS });
  end(513);
  expect(lost).toEqual({ queue_full: 1, export_failed: 0 });
  expect(failures).toEqual([null]);
});

it('counts a batch that was not taken, with its reason', () => {
  const { answers, lost, failures, end } = openExport();
  end(512);
  answers[0]?.({ code: ExportResultCode.FAILED, error: new Error('503') });
  expect(lost).toEqual({ queue_full: 0, export_failed: 512 });
  expect(failures).toEqual(['503']);
});

it('ends in time where the collector does not answer, and counts what was left', async () => {
  const { spans, lost, end } = openExport();
  end(700);
  await spans.close(1);
  expect(lost).toEqual({ queue_full: 0, export_failed: 700 });
});

it('sends what waits before it ends', async () => {
  const { spans, batches, answers, lost, end } = openExport();
  end(3);
  const closed = spans.close(60_000);
  while (answers.length === 0) await new Promise((resolve) => setImmediate(resolve));
  answers[0]?.({ code: ExportResultCode.SUCCESS });
  await closed;
  expect(batches.map(({ length }) => length)).toEqual([3]);
  expect(lost).toEqual({ queue_full: 0, export_failed: 0 });
});
