import { setImmediate as nextTurn } from 'node:timers/promises';
import { registry } from '@smart-router/metrics';
import { startTestApi, type TestApi, FORM } from '../testing/test-api';

const LAG_MS = 150;

let api: TestApi;
let isBusy = false;
let busyLoop: Promise<void>;

function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** Each tick of the event loop takes this long from now on. */
async function keepBusy(): Promise<void> {
  while (isBusy) {
    block(LAG_MS);
    await nextTurn();
  }
}

async function start(env: Record<string, string>): Promise<void> {
  api = await startTestApi({ REQUEST_DEADLINE: '60s', FAILURE_MESSAGE: 'Too much.', ...env });
  isBusy = true;
  busyLoop = keepBusy();
}

afterEach(async () => {
  isBusy = false;
  await busyLoop;
  await api.close();
});

/** An injected request needs no tick of the event loop, so it is given one. */
async function answersWith(code: number): Promise<void> {
  const deadline = performance.now() + 20_000;
  while ((await api.get('/api/v1/status')).status !== code) {
    if (performance.now() > deadline) throw new Error(`no answer was a ${code}`);
    await nextTurn();
  }
}

describe('an event loop that lags behind by more than it may', () => {
  beforeEach(async () => {
    await start({
      MAX_EVENT_LOOP_LAG: '50ms',
      EXOTEL_WEBHOOK_TOKEN: 'e'.repeat(16),
      ACCEPT_UNVERIFIED_WEBHOOKS: 'twilio',
    });
    await answersWith(503);
  });

  it('rejects requests to the API and says when to come back', async () => {
    const { status, body, headers } = await api.get('/api/v1/status');
    expect({ status, body, retryAfter: headers['retry-after'] }).toEqual({
      status: 503,
      body: { error: 'overloaded', code: 'OVERLOADED', request_id: headers['x-request-id'] },
      retryAfter: '2',
    });
  });

  it('answers webhooks in the words of the provider, and takes no pod', async () => {
    const twilio = await api.post('/api/v1/twilio/allocate', 'CallSid=shed-1', FORM);
    const exotel = await api.post('/api/v1/exotel/allocate?token=e', { CallSid: 'shed-2' });
    expect([twilio.status, twilio.text]).toEqual([200, expect.stringContaining('<Say>Too much.</Say><Hangup/>')]);
    expect([exotel.status, exotel.body['code'], exotel.headers['retry-after']]).toEqual([503, 'OVERLOADED', '2']);
    expect((await api.store.reader.calls({ limit: 10 })).items).toEqual([]);
  });

  it.each(['/metrics', '/api/v1/metrics', '/docs-json', '/docs', '/health/details'])(
    'rejects %s, which must not take time from calls',
    async (path) => {
      expect((await api.get(path)).status).toBe(503);
    },
  );

  it.each(['/health', '/ready', '/health/startup'])('still answers %s', async (path) => {
    expect((await api.get(path)).status).toBe(200);
  });

  it('still takes what ends a call', async () => {
    expect((await api.post('/api/v1/release', { call_sid: 'none' })).status).toBe(404);
    expect((await api.post('/api/v1/twilio/status', 'CallSid=x&CallStatus=completed', FORM)).status).toBe(200);
  });

  it('counts what it rejected', async () => {
    await api.post('/api/v1/twilio/allocate', 'CallSid=shed-3', FORM);
    const text = await registry.metrics();
    expect(text).toMatch(/smart_router_requests_shed_total\{kind="api"\} [1-9]/);
    expect(text).toMatch(/smart_router_requests_shed_total\{kind="webhook"\} [1-9]/);
  });

  it('serves again when it keeps up', async () => {
    isBusy = false;
    await answersWith(200);
  });
});

it('serves everything, however late, when no limit is set', async () => {
  await start({ MAX_EVENT_LOOP_LAG: '0s' });
  const statuses: number[] = [];
  for (let index = 0; index < 10; index++) {
    statuses.push((await api.get('/api/v1/status')).status);
    await nextTurn();
  }
  expect(new Set(statuses)).toEqual(new Set([200]));
});
