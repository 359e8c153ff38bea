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
