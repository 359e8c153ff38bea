import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Tracer } from '../tracer';
import { OpenTelemetryTracer } from './opentelemetry-tracer';
import { samplerOf } from './sampler';

const WORK = { name: 'work', kind: 'internal', facts: {} } as const;
const TRACE = '0af7651916cd43dd8448eb211c80319c';

let exporter: InMemorySpanExporter;
let tracer: Tracer;

function open(ratio = 1): void {
  exporter = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor({ exporter })];
  const provider = new TracerProvider({ spanProcessors, sampler: samplerOf({ follows: 'parent', ratio }) });
  tracer = new OpenTelemetryTracer(provider.getTracer('test'));
}

beforeEach(() => open());

const names = () => exporter.getFinishedSpans().map(({ name }) => name);

/** Runs work within a request. */
function inRequest<Result>(work: () => Promise<Result>, headers = {}): Promise<Result> {
  const span = tracer.beginRequest('GET /x', headers, {});
  return new Promise((resolve, reject) => {
    span.run(() => {
      work()
        .finally(() => span.end({}, 'ok'))
        .then(resolve, reject);
    });
  });
}

it('leaves no span of work that belongs to no request', async () => {
  expect(await tracer.within(WORK, () => Promise.resolve(7))).toBe(7);
  expect(names()).toEqual([]);
  expect([tracer.traceparent(), tracer.traceId()]).toEqual([undefined, undefined]);
});

it('leaves no span of work that begins when its request has ended', async () => {
  let later: Promise<number> | undefined;
  let resume = (): void => undefined;
  const wait = new Promise<void>((resolve) => (resume = resolve));
  await inRequest(async () => void (later = wait.then(() => tracer.within(WORK, () => Promise.resolve(1)))));
  resume();
  expect(await later).toBe(1);
  expect(names()).toEqual(['GET /x']);
});

it('keeps requests apart that are under way at the same time', async () => {
  const seen = await Promise.all(
    ['1', '2', '3'].map((digit) =>
      inRequest(() => tracer.within(WORK, async () => [digit, await Promise.resolve().then(() => tracer.traceId())]), {
        traceparent: `00-${digit.repeat(32)}-${digit.repeat(16)}-01`,
      }),
    ),
  );
  expect(seen).toEqual(['1', '2', '3'].map((digit) => [digit, digit.repeat(32)]));
});

it('passes the failure of the work on, and shows its code and not its text', async () => {
  const failure = Object.assign(new Error('redis://user:secret@host'), { code: 'STORE_UNAVAILABLE' });
  await expect(inRequest(() => tracer.within(WORK, () => Promise.reject(failure)))).rejects.toBe(failure);
  const [work] = exporter.getFinishedSpans();
  expect(work?.attributes).toEqual({ 'error.type': 'STORE_UNAVAILABLE' });
  expect(JSON.stringify([work?.status, work?.events])).not.toContain('secret');
});

it.each(['00', 'x', `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`, `ff-${TRACE}-${'1'.repeat(16)}-01`])(
  'begins a trace of its own when traceparent is %s',
  (traceparent) => {
    expect(tracer.beginRequest('GET /x', { traceparent }, {}).traceId).not.toBe(TRACE);
  },
);

it.each([
  [1, '01', '01', 1],
  [0, '01', '01', 1],
  [1, '00', '00', 0],
] as const)('follows the sender where the share is %d and the sender says %s', async (ratio, flag, passed, spans) => {
  open(ratio);
  const headers = { traceparent: `00-${TRACE}-${'1'.repeat(16)}-${flag}` };
  const traceparent = await inRequest(async () => tracer.traceparent(), headers);
  expect(traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-${passed}$`));
  expect(names()).toHaveLength(spans);
});

it('leaves no spans of requests without a sender where the share is 0', async () => {
  open(0);
  await inRequest(() => tracer.within(WORK, () => Promise.resolve()));
  expect(names()).toEqual([]);
});
