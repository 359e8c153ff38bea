import { registry } from '@smart-router/metrics';
import { startTestApi, type TestApi } from '../testing/test-api';

const SECRETS = { TWILIO_AUTH_TOKEN: 't', PLIVO_AUTH_TOKEN: 'p', EXOTEL_WEBHOOK_TOKEN: 'e'.repeat(16) };

async function withApi<T>(env: Record<string, string>, look: (api: TestApi) => Promise<T>): Promise<T> {
  const api = await startTestApi(env);
  try {
    return await look(api);
  } finally {
    await api.close();
  }
}

const startLines = (env: Record<string, string>) =>
  withApi(env, async ({ logs }) => logs.filter(({ msg }) => /webhooks .*(verified|refused)/i.test(String(msg))));

it.each([
  [{}, ['twilio', 'plivo', 'exotel']],
  [{ ...SECRETS, PLIVO_AUTH_TOKEN: '', ACCEPT_UNVERIFIED_WEBHOOKS: 'plivo' }, ['plivo']],
])('warns of the providers that are not verified: %j', async (env, providers) => {
  expect(await startLines(env)).toEqual([
    expect.objectContaining({ level: 'warn', providers, msg: expect.stringContaining('WEBHOOKS ARE NOT VERIFIED') }),
  ]);
});

it('warns of providers without a secret that could not use the addresses of calls', async () => {
  const env = { VOICE_AGENT_BASE_URL: 'ws://localhost:8000', ACCEPT_UNVERIFIED_WEBHOOKS: 'twilio' };
  const lines = await withApi(env, async ({ logs }) => logs.filter(({ msg }) => /will not reach/.test(String(msg))));
  expect(lines).toEqual([
    expect.objectContaining({ level: 'warn', provider: 'twilio', problem: expect.stringMatching(/wss:/) }),
  ]);
});

it('says nothing when every provider is verified', async () => {
  expect(await startLines(SECRETS)).toEqual([]);
});

it('says that they are refused when unverified webhooks are not accepted', async () => {
  const env = { TWILIO_AUTH_TOKEN: 't', ACCEPT_UNVERIFIED_WEBHOOKS: 'false' };
  expect(await startLines(env)).toEqual([expect.objectContaining({ level: 'info', providers: ['plivo', 'exotel'] })]);
});

it('says of each whether it is open or refused when one has a secret and another is named', async () => {
  const env = { TWILIO_AUTH_TOKEN: 't', ACCEPT_UNVERIFIED_WEBHOOKS: 'exotel' };
  expect(await startLines(env)).toEqual([
    expect.objectContaining({ level: 'warn', providers: ['exotel'] }),
    expect.objectContaining({ level: 'info', providers: ['plivo'] }),
  ]);
});

it.each([
  [{ TWILIO_AUTH_TOKEN: 't' }, 403],
  [{ TWILIO_AUTH_TOKEN: 't', ACCEPT_UNVERIFIED_WEBHOOKS: 'plivo' }, 403],
  [{ TWILIO_AUTH_TOKEN: 't', ACCEPT_UNVERIFIED_WEBHOOKS: 'plivo,exotel' }, 200],
  [{}, 200],
])('answers a webhook of a provider without a secret under %j with %d', async (env, status) => {
  const answer = await withApi(env, (api) => api.post('/api/v1/exotel/allocate', { CallSid: 'call-1' }));
  expect(answer.status).toBe(status);
});

const PRODUCTION = { NODE_ENV: 'production', ALLOW_OPEN_API: 'true', TWILIO_AUTH_TOKEN: 't' };

it('says that they are refused in production when nothing is said about them', async () => {
  expect(await startLines(PRODUCTION)).toEqual([
    expect.objectContaining({ level: 'info', providers: ['plivo', 'exotel'] }),
  ]);
});

it('warns in production, too, when both settings accept them', async () => {
  const both = { ACCEPT_UNVERIFIED_WEBHOOKS: 'plivo,exotel', ALLOW_UNVERIFIED_WEBHOOKS_IN_PRODUCTION: 'true' };
  expect(await startLines({ ...PRODUCTION, ...both })).toEqual([
    expect.objectContaining({ level: 'warn', providers: ['plivo', 'exotel'] }),
  ]);
});

it.each([
  ['/api/v1/twilio/allocate', { CallSid: 'call-1' }],
  ['/api/v1/plivo/allocate', { CallUUID: 'call-1' }],
  ['/api/v1/exotel/allocate', { CallSid: 'call-1' }],
  ['/api/v1/twilio/status', { CallSid: 'call-1', CallStatus: 'completed' }],
])('refuses a webhook in production when its provider has no secret: %s', async (path, form) => {
  const body = new URLSearchParams(form).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await withApi({ NODE_ENV: 'production', ALLOW_OPEN_API: 'true' }, (api) =>
    api.post(path, body, headers),
  );
  expect(answer.status).toBe(403);
});

it('shows the same as a metric', async () => {
  const text = await withApi({ TWILIO_AUTH_TOKEN: 't' }, () => registry.metrics());
  expect(text).toContain('smart_router_webhook_verification_enabled{provider="twilio"} 1');
  expect(text).toContain('smart_router_webhook_verification_enabled{provider="plivo"} 0');
});

it('takes no pod for an unverified webhook when those are not accepted', async () => {
  const env = { ACCEPT_UNVERIFIED_WEBHOOKS: 'false' };
  const [status, calls] = await withApi(env, async (api) => {
    const answer = await api.post('/api/v1/exotel/allocate', { CallSid: 'call-1' });
    return [answer.status, (await api.store.reader.calls({ limit: 10 })).items];
  });
  expect([status, calls]).toEqual([403, []]);
});
