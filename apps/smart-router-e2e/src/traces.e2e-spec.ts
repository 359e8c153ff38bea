import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AppProcess,
  type CollectedSpan,
  freePort,
  readMetric,
  type RedisProcess,
  runToExit,
  sendForm,
  sendRequest,
  startRedis,
  TraceCollector,
  waitFor,
} from '@smart-router/testbed';
import { FLEET_ENV } from './fleet/environment';
import { podsAssigned, startCombined } from './fleet/fleet';

const PARENT = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const SAMPLED = { traceparent: `00-${PARENT.traceId}-${PARENT.spanId}-01` };

let collector: TraceCollector;
let app: AppProcess | undefined;

beforeEach(async () => {
  collector = await TraceCollector.start();
});

afterEach(async () => {
  await app?.kill();
  app = undefined;
  await collector.stop();
});

async function started(env: Readonly<Record<string, string>> = {}): Promise<AppProcess> {
  const combined = await startCombined({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, ...env });
  app = combined.app;
  await podsAssigned(combined.api, 5);
  return combined.app;
}

const webhook = ({ baseUrl }: AppProcess, callSid: string, headers: Record<string, string> = {}) =>
  sendForm(`${baseUrl}/api/v1/twilio/allocate?merchant_id=acme`, { CallSid: callSid }, headers);

const lineOf = ({ logs }: AppProcess, callSid: string) =>
  logs.find((line) => line['msg'] === 'request' && line['call_sid'] === callSid);

/** The spans of the call's trace, when its last one, that of the request, has arrived. */
async function traceOf(callSid: string): Promise<Readonly<Record<string, CollectedSpan>>> {
  const isRequest = (span: CollectedSpan) => span.kind === 2 && span.facts['smart_router.call_sid'] === callSid;
  await waitFor(() => collector.spans.some(isRequest), { description: `the request of ${callSid} at the collector` });
  const { traceId } = collector.spans.find(isRequest) as CollectedSpan;
  return Object.fromEntries(collector.spansOf(traceId).map((span) => [span.name, span]));
}

describe.each(['memory', 'redis'] as const)('a webhook on %s', (kind) => {
  let redis: RedisProcess | undefined;
  beforeEach(async () => {
    redis = kind === 'redis' ? await startRedis() : undefined;
  });
  afterEach(() => redis?.stop());

  it('is one trace, from its sender to the pod', async () => {
    const { baseUrl } = await started(redis ? { REDIS_URL: redis.url } : {});
    const answer = await sendForm(`${baseUrl}/api/v1/twilio/allocate`, { CallSid: 'CA-1' }, SAMPLED);
    const spans = await traceOf('CA-1');
    const request = spans['POST /api/v1/:provider/allocate'] as CollectedSpan;
    const decision = spans['decide'] as CollectedSpan;
    const store = spans['store.allocate'] as CollectedSpan;

    expect([request.traceId, request.parentSpanId]).toEqual([PARENT.traceId, PARENT.spanId]);
    expect(decision.parentSpanId).toBe(request.spanId);
    expect(store.parentSpanId).toBe(decision.spanId);
    expect(store.kind).toBe(kind === 'redis' ? 3 : 1);
    expect(store.facts).toEqual({ 'db.system.name': kind, 'db.operation.name': 'allocate' });
    const podName = /voice-agent-\d/.exec(answer.text)?.[0];
    expect(decision.facts).toMatchObject({ 'smart_router.outcome': 'allocated', 'smart_router.pod_name': podName });
    expect(request.facts).toMatchObject({
      'http.route': '/api/v1/:provider/allocate',
      'http.response.status_code': 200,
      'smart_router.webhook': 'allocated',
      'smart_router.pod_name': podName,
    });
    expect(request.durationMs).toBeGreaterThanOrEqual(store.durationMs);
    expect(answer.text).toContain(
      `<Parameter name="traceparent" value="00-${PARENT.traceId}-${decision.spanId}-01"/></Stream>`,
    );
  });
});

describe('a process with traces', () => {
  it('writes the trace into the line of each request, and sends what is set and its last spans to the collector', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'otlp-')), 'headers');
    writeFileSync(file, 'authorization=Bearer%20abc,x-tenant=voice\n');
    const running = await started({
      OTEL_EXPORTER_OTLP_HEADERS_FILE: file,
      OTEL_SERVICE_NAME: 'router-eu',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    });
    await Promise.all(['/health', '/ready', '/metrics'].map((path) => sendRequest(`${running.baseUrl}${path}`)));
    await webhook(running, 'CA-1', { traceparent: `00-${PARENT.traceId}-${PARENT.spanId}-00` });
    await webhook(running, 'CA-2', { traceparent: 'nonsense' });
    expect(await running.stop()).toMatchObject({ code: 0 });

    const request = (await traceOf('CA-2'))['POST /api/v1/:provider/allocate'] as CollectedSpan;
    expect(request.parentSpanId).toBe('');
    expect(request.resource).toMatchObject({ 'service.name': 'router-eu', 'deployment.environment.name': 'test' });
    expect(collector.requests[0]).toMatchObject({ authorization: 'Bearer abc', 'x-tenant': 'voice' });
    expect(lineOf(running, 'CA-2')).toMatchObject({ trace_id: request.traceId });
    // Its sender does not sample.
    expect(lineOf(running, 'CA-1')).toMatchObject({ trace_id: PARENT.traceId });
    expect(collector.spansOf(PARENT.traceId)).toEqual([]);
    const requests = collector.spans.filter(({ kind }) => kind === 2).map(({ name }) => name);
    expect(requests.filter((name) => !name.startsWith('GET /api/v1/status'))).toEqual([request.name]);
  });

  it('samples as it is set to, and gives the pod the trace where the template of its address asks for it', async () => {
    const { baseUrl, api } = await started({
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
      WS_URL_TEMPLATE: '{base_url}/ws/pod/{pod_name}/{call_sid}?trace={traceparent}',
    });
    await api.allocate('API-1');
    const body = '{"call_sid":"API-2"}';
    const { text } = await sendRequest(`${baseUrl}/api/v1/allocate`, { method: 'POST', body, headers: SAMPLED });
    const { spanId } = (await traceOf('API-2'))['decide'] as CollectedSpan;
    expect(text).toContain(`?trace=00-${PARENT.traceId}-${spanId}-01"`);
    expect(new Set(collector.spans.map(({ traceId }) => traceId))).toEqual(new Set([PARENT.traceId]));
  });

  it('marks what failed, without the text of its error', async () => {
    const redis = await startRedis();
    const running = await started({ REDIS_URL: redis.url, REQUEST_DEADLINE: '2s' });
    await redis.stop();
    await running.api.allocate('API-7');
    const spans = await traceOf('API-7');
    expect(spans['POST /api/v1/allocate']).toMatchObject({ status: 2 });
    expect(spans['decide']).toMatchObject({ status: 2, facts: { 'error.type': 'STORE_UNAVAILABLE' } });
    await running.kill();
  });
});

describe('a collector that takes nothing', () => {
  const LOST = 'smart_router_spans_dropped_total{reason="export_failed"}';
  const WARNING = 'the collector takes no traces, calls are not affected';

  it.each(['hangs', 'refuses', 'absent'] as const)('costs spans and no call where it %s', async (mood) => {
    if (mood !== 'absent') collector.mood = mood;
    const endpoint = mood === 'absent' ? `http://127.0.0.1:${await freePort()}` : collector.endpoint;
    const running = await started({
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_TIMEOUT: '200',
      HTTP_SHUTDOWN_TIMEOUT: '20s',
    });
    for (let round = 0; round < 5; round++) expect((await webhook(running, `CA-${round}`)).status).toBe(200);
    await waitFor(async () => (await readMetric(running, LOST)) >= 15, { description: 'lost spans to be counted' });
    const warnings = () => running.logs.filter((line) => line['msg'] === WARNING).length;
    await waitFor(() => warnings() > 0, { description: 'the warning' });
    expect(warnings()).toBe(1);
    if (mood === 'refuses') {
      collector.mood = 'takes';
      await webhook(running, 'CA-9');
      await traceOf('CA-9');
      await waitFor(() => running.logs.some((line) => line['msg'] === 'the collector takes traces again'), {
        description: 'the log to say so',
      });
    }
    expect((await webhook(running, 'CA-8')).status).toBe(200);
    expect(await running.stop()).toMatchObject({ code: 0 });
  });
});

describe('a process without traces', () => {
  it('loads nothing of OpenTelemetry, and its lines, answers and metrics show nothing of traces', async () => {
    const { app: plain, api } = await startCombined();
    app = plain;
    await podsAssigned(api, 5);
    const answer = await webhook(plain, 'CA-1', SAMPLED);
    const { text: metrics } = await sendRequest(`${plain.metricsUrl}/metrics`);
    expect(answer.text).not.toContain('Parameter');
    expect(lineOf(plain, 'CA-1')).not.toHaveProperty('trace_id');
    expect(metrics).not.toContain('spans_dropped');
    expect(collector.requests).toEqual([]);
    const bundle = join(__dirname, '../../../dist/apps/smart-router');
    const holdSdk = readdirSync(bundle).filter(
      (name) =>
        name.endsWith('.js') && readFileSync(join(bundle, name), 'utf8').includes('BatchSpanProcessorBase = class'),
    );
    expect(holdSdk).toEqual(['opentelemetry.js']);
  });

  it('does not start where the collector is no URL', async () => {
    const { code, output } = await runToExit('smart-router', {
      ...FLEET_ENV,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
    });
    expect(code).toBe(1);
    const line = output.find((each) => each.includes('OTEL_EXPORTER_OTLP_ENDPOINT'));
    expect(line).toContain('must be a URL that begins with http:// or https://');
  });
});
