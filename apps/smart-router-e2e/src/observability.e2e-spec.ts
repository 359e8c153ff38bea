import { sendForm, sendRequest, waitFor } from '@smart-router/testbed';
import { type DistributedFleet, startDistributedFleet } from './fleet/fleet';

const CANARIES = {
  redisPassword: 'canary-redis-password',
  TWILIO_AUTH_TOKEN: 'canary-twilio-token',
  PLIVO_AUTH_TOKEN: 'canary-plivo-token',
  EXOTEL_WEBHOOK_TOKEN: 'canary-exotel-token',
};

const API_METRICS = [
  'http_request_duration_seconds_bucket',
  'http_requests_total',
  'smart_router_allocations_total',
  'smart_router_releases_total',
  'smart_router_active_calls',
  'smart_router_pool_available_pods',
  'smart_router_pool_assigned_pods',
  'smart_router_pool_target_pods',
  'smart_router_pool_not_ready_pods',
  'smart_router_oldest_call_age_seconds',
  'smart_router_panics_recovered_total',
  'smart_router_drains_total',
];

const LEADER_METRICS = [
  'smart_router_leader_status',
  'smart_router_zombies_recovered_total',
  'smart_router_active_calls',
  'smart_router_pool_available_pods',
  'smart_router_pool_assigned_pods',
];

/** The value of the sample with exactly these labels. */
function sample(text: string, series: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

function missing(text: string, names: readonly string[]): string[] {
  return names.filter(
    (name) => !text.split('\n').some((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `)),
  );
}

/** The one pod of the tier. */
async function podOf(baseUrl: string, tier: string): Promise<string> {
  const { body } = await sendRequest<{ items: { pod_name: string }[] }>(`${baseUrl}/api/v1/pods?tier=${tier}`);
  expect(body.items).toHaveLength(1);
  return body.items[0]?.pod_name ?? '';
}

describe('what the processes report about themselves', () => {
  let fleet: DistributedFleet;

  beforeAll(async () => {
    fleet = await startDistributedFleet({
      env: { ...CANARIES, LOG_LEVEL: 'debug' },
      redisPassword: CANARIES.redisPassword,
    });
    const { first, second } = fleet;
    await first.allocated('metrics-1', 'acme');
    await second.allocated('metrics-2', 'acme');
    await first.release('metrics-2');
    await first.release('metrics-unknown');
    await first.drain(await podOf(first.baseUrl, 'gold'));
    await first.status();
    await sendForm(`${first.baseUrl}/api/v1/twilio/allocate`, { CallSid: 'forged-1' });
    await sendRequest(`${first.baseUrl}/api/v1/exotel/allocate?CallSid=e-1&token=${CANARIES.EXOTEL_WEBHOOK_TOKEN}`);
    for (let index = 0; index < 50; index++) await sendRequest(`${first.baseUrl}/scan/${index}?merchant_id=m${index}`);
  });

  afterAll(() => fleet?.stop());

  const read = async (url: string): Promise<string> => {
    const { status, text } = await sendRequest<string>(url);
    expect(status).toBe(200);
    return text;
  };

  it('has the metrics of the contract on both ports of the API', async () => {
    for (const base of [fleet.first.baseUrl, `${fleet.first.baseUrl}/api/v1`, fleet.firstApi.metricsUrl]) {
      expect(missing(await read(`${base}/metrics`), API_METRICS)).toEqual([]);
    }
  });

  it('has the metrics of the leader on both ports of the worker', async () => {
    for (const base of [fleet.worker.baseUrl, fleet.worker.metricsUrl]) {
      const text = await read(`${base}/metrics`);
      expect(missing(text, LEADER_METRICS)).toEqual([]);
      expect(sample(text, 'smart_router_leader_status')).toBe(1);
    }
  });

  it('answers the liveness probe on the metrics ports', async () => {
    for (const { metricsUrl } of [fleet.firstApi, fleet.worker]) {
      expect(await read(`${metricsUrl}/health`)).toBe('{"status":"ok"}');
      expect((await sendRequest(`${metricsUrl}/api/v1/status`)).status).toBe(404);
    }
  });

  it('counts calls and pods as the store has them, on every process alike', async () => {
    for (const { metricsUrl } of [fleet.firstApi, fleet.secondApi, fleet.worker]) {
      const text = await read(`${metricsUrl}/metrics`);
      expect(sample(text, 'smart_router_active_calls')).toBe(2);
      expect(sample(text, 'smart_router_pool_assigned_pods{tier="basic"}')).toBe(3);
      expect(sample(text, 'smart_router_pool_assigned_pods{tier="gold"}')).toBe(1);
      expect(sample(text, 'smart_router_pool_available_pods{tier="gold"}')).toBe(0);
      expect(sample(text, 'smart_router_pool_available_pods{tier="standard"}')).toBe(0);
    }
  });

  it('counts what was asked of this process', async () => {
    const text = await read(`${fleet.firstApi.metricsUrl}/metrics`);
    expect(sample(text, 'smart_router_allocations_total{pool="pool:standard",status="allocated"}')).toBe(1);
    expect(sample(text, 'smart_router_drains_total')).toBe(1);
    expect(sample(text, 'smart_router_panics_recovered_total')).toBe(0);
    expect(sample(text, 'http_requests_total{method="POST",route="/api/v1/allocate",status="200"}')).toBe(1);
  });

  it('takes no label from a path, a merchant or a call', async () => {
    const text = await read(`${fleet.firstApi.metricsUrl}/metrics`);
    expect(text.match(/.*(scan|acme|metrics-1|m49).*/g)).toBeNull();
  });

  it('serves Swagger UI and the document behind it', async () => {
    expect(await read(`${fleet.first.baseUrl}/docs`)).toContain('swagger-ui');
    for (const asset of [
      'swagger-ui.css',
      'swagger-ui-bundle.js',
      'swagger-ui-standalone-preset.js',
      'swagger-ui-init.js',
    ]) {
      expect((await read(`${fleet.first.baseUrl}/docs/${asset}`)).length).toBeGreaterThan(0);
    }
    const document = JSON.parse(await read(`${fleet.first.baseUrl}/docs-json`)) as { openapi: string; paths: object };
    expect(document.openapi).toMatch(/^3\./);
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/allocate',
        '/api/v1/release',
        '/api/v1/drain',
        '/api/v1/tier-config',
        '/api/v1/status',
      ]),
    );
  });

  it('reports what was started and what it depends on', async () => {
    for (const { baseUrl } of [fleet.firstApi, fleet.worker]) {
      expect(JSON.parse(await read(`${baseUrl}/health/startup`))).toMatchObject({ initialized: true });
      expect(JSON.parse(await read(`${baseUrl}/health/details`))).toMatchObject({ status: 'ok' });
    }
  });

  it('logs one line a request, with what it was about', async () => {
    const requestId = 'request-of-a-test';
    await fetch(`${fleet.first.baseUrl}/api/v1/allocate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': requestId },
      body: JSON.stringify({ call_sid: 'logged-1', merchant_id: 'acme' }),
    });
    const ofRequest = () => fleet.firstApi.logs.filter(({ request_id }) => request_id === requestId);
    await waitFor(() => ofRequest().length > 0, { description: 'the line of the request' });
    await fleet.first.release('logged-1');
    await waitFor(
      () => fleet.firstApi.logs.some(({ route, call_sid }) => route === '/api/v1/release' && call_sid === 'logged-1'),
      {
        description: 'the line of the next request',
      },
    );
    expect(ofRequest()).toEqual([
      expect.objectContaining({
        level: 'info',
        msg: 'request',
        method: 'POST',
        route: '/api/v1/allocate',
        status: 200,
        call_sid: 'logged-1',
        merchant_id: 'acme',
        pool: expect.stringMatching(/^pool:/),
        pod_name: expect.stringMatching(/^voice-agent-/),
        duration_ms: expect.any(Number),
      }),
    ]);
  });

  it('shows no secret in logs, metrics or documents', async () => {
    const { firstApi, secondApi, worker, first } = fleet;
    const texts = [
      ...[firstApi, secondApi, worker].map(({ logs }) => JSON.stringify(logs)),
      await read(`${firstApi.metricsUrl}/metrics`),
      await read(`${worker.metricsUrl}/metrics`),
      await read(`${first.baseUrl}/docs-json`),
      await read(`${first.baseUrl}/docs/swagger-ui-init.js`),
      await read(`${first.baseUrl}/api/v1/status`),
      await read(`${first.baseUrl}/health/startup`),
      await read(`${first.baseUrl}/health/details`),
    ];
    const shown = Object.values(CANARIES).filter((canary) => texts.some((text) => text.includes(canary)));
    expect(shown).toEqual([]);
  });
});
