import { registry } from '@smart-router/metrics';
import { type Answer, startTestApi, type TestApi, FORM } from '../testing/test-api';

const KEYS = { API_KEYS: 'reader:read:reader-secret-0001,writer:write:writer-secret-0001' };
const WRITER = { authorization: 'Bearer writer-secret-0001' };
const READER = { authorization: 'Bearer reader-secret-0001' };

let api: TestApi;

afterEach(() => api?.close());

async function start(env: Record<string, string>): Promise<void> {
  // Long enough that no window ends while a test runs.
  api = await startTestApi({ RATE_LIMIT_WINDOW: '1h', ...env });
}

async function statuses(count: number, ask: () => Promise<Answer>): Promise<number[]> {
  const found: number[] = [];
  for (let index = 0; index < count; index++) found.push((await ask()).status);
  return found;
}

const status = (headers: Record<string, string> = {}) => api.get('/api/v1/status', headers);

const webhook = (headers: Record<string, string> = {}, path = '/api/v1/twilio/allocate') =>
  api.post(path, 'CallSid=limited-1&CallUUID=limited-1', { ...FORM, ...headers });

/** Providers without a secret that are served all the same. */
const OPEN = { ACCEPT_UNVERIFIED_WEBHOOKS: 'twilio,plivo' };

describe('without limits', () => {
  it('any number of requests is served', async () => {
    await start({});
    expect(new Set(await statuses(50, () => status()))).toEqual(new Set([200]));
  });
});

describe('a limit per API key', () => {
  beforeEach(() => start({ ...KEYS, RATE_LIMIT_PER_API_KEY: '3' }));

  it('serves requests up to it, and refuses those above it with when to come back', async () => {
    expect(await statuses(3, () => status(WRITER))).toEqual([200, 200, 200]);
    const { status: code, body, headers } = await status(WRITER);
    expect({ code, body }).toEqual({
      code: 429,
      body: { error: 'too many requests', code: 'RATE_LIMITED', request_id: headers['x-request-id'] },
    });
    expect(Number(headers['retry-after'])).toBeGreaterThan(3500);
  });

  it('leaves other keys alone', async () => {
    await statuses(4, () => status(WRITER));
    expect((await status(READER)).status).toBe(200);
  });

  it('counts no request whose key is not known', async () => {
    expect(await statuses(5, () => status({ authorization: 'Bearer nobody' }))).toEqual([401, 401, 401, 401, 401]);
  });

  it('never rejects what ends a call', async () => {
    await statuses(4, () => status(WRITER));
    const released = await api.post('/api/v1/release', { call_sid: 'none' }, WRITER);
    expect(released.status).toBe(404);
  });

  it('counts what it rejected', async () => {
    await statuses(4, () => status(WRITER));
    expect(await registry.metrics()).toMatch(/smart_router_rate_limited_total\{limit="api_key"\} [1-9]/);
  });
});

describe('a limit per address', () => {
  it('counts before the key is looked at, so that guessing is limited', async () => {
    await start({ ...KEYS, RATE_LIMIT_PER_ADDRESS: '2' });
    expect(await statuses(3, () => status({ authorization: 'Bearer guess' }))).toEqual([401, 401, 429]);
  });

  it.each(['/metrics', '/api/v1/metrics', '/docs-json', '/health/details'])(
    'counts %s, which needs no key',
    async (path) => {
      await start({ ...KEYS, RATE_LIMIT_PER_ADDRESS: '2' });
      expect(await statuses(3, () => api.get(path))).toEqual([200, 200, 429]);
    },
  );

  it.each(['/health', '/ready', '/api/v1/health', '/health/startup'])('does not count %s', async (path) => {
    await start({ RATE_LIMIT_PER_ADDRESS: '1' });
    expect(await statuses(3, () => api.get(path))).toEqual([200, 200, 200]);
  });

  it('does not count webhooks', async () => {
    await start({ RATE_LIMIT_PER_ADDRESS: '1' });
    expect(await statuses(3, () => webhook())).toEqual([200, 200, 200]);
  });

  it('takes no address from X-Forwarded-For where no proxy is trusted', async () => {
    await start({ RATE_LIMIT_PER_ADDRESS: '2' });
    let client = 0;
    expect(await statuses(3, () => status({ 'x-forwarded-for': `203.0.113.${++client}` }))).toEqual([200, 200, 429]);
  });

  it.each([
    ['ports', ['203.0.113.1:4711', '203.0.113.1:4712', '203.0.113.1']],
    ['brackets', ['[2001:db8::1]:4711', '[2001:DB8::1]', '2001:db8::1']],
    ['IPv4 in IPv6', ['::ffff:203.0.113.1', '203.0.113.1', '[::ffff:203.0.113.1]:80']],
    ['a trusted proxy with a port between', ['203.0.113.1, 10.0.0.7:8443', '203.0.113.1', '203.0.113.1:9, 10.0.0.7']],
  ])('takes one client for one, although its proxy writes %s', async (_what, addresses) => {
    await start({ RATE_LIMIT_PER_ADDRESS: '2', TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8' });
    const found: number[] = [];
    for (const address of addresses) found.push((await status({ 'x-forwarded-for': address })).status);
    expect(found).toEqual([200, 200, 429]);
  });

  it('takes the address from X-Forwarded-For that the trusted proxy has seen', async () => {
    await start({ RATE_LIMIT_PER_ADDRESS: '1', TRUSTED_PROXIES: '127.0.0.1' });
    expect((await status({ 'x-forwarded-for': '203.0.113.1' })).status).toBe(200);
    expect((await status({ 'x-forwarded-for': '203.0.113.2' })).status).toBe(200);
    // What a client writes ahead of that is its own invention.
    expect((await status({ 'x-forwarded-for': '198.51.100.9, 203.0.113.1' })).status).toBe(429);
  });
});

describe('a limit on webhooks per address', () => {
  beforeEach(() =>
    start({
      WEBHOOK_RATE_LIMIT_PER_ADDRESS: '1',
      FAILURE_MESSAGE: 'Too much.',
      EXOTEL_WEBHOOK_TOKEN: 'e'.repeat(16),
      ...OPEN,
    }),
  );

  it.each([
    ['twilio', '<Say>Too much.</Say><Hangup/>'],
    ['plivo', '<Speak>Too much.</Speak><Hangup/>'],
  ])('answers %s above it in its own words', async (provider, words) => {
    await webhook({}, `/api/v1/${provider}/allocate`);
    const { status: code, text, headers } = await webhook({}, `/api/v1/${provider}/allocate`);
    expect({ code, text, type: headers['content-type'] }).toEqual({
      code: 200,
      text: expect.stringContaining(words),
      type: 'text/xml; charset=utf-8',
    });
  });

  it('answers exotel above it with 429 and when to come back', async () => {
    await webhook();
    const { status: code, body, headers } = await api.post('/api/v1/exotel/allocate?token=e', { CallSid: 'limited-2' });
    expect({ code, body }).toMatchObject({ code: 429, body: { error: 'too many requests', code: 'RATE_LIMITED' } });
    expect(Number(headers['retry-after'])).toBeGreaterThan(3500);
  });

  it('takes no pod for what it rejects', async () => {
    await webhook();
    await api.post('/api/v1/twilio/allocate', 'CallSid=limited-3', FORM);
    expect((await api.store.reader.calls({ limit: 10 })).items.map(({ callSid }) => callSid)).toEqual(['limited-1']);
  });

  it('always takes the status that ends a call', async () => {
    await webhook();
    await webhook();
    const ended = await api.post('/api/v1/twilio/status', 'CallSid=limited-1&CallStatus=completed', FORM);
    expect([ended.status, (await api.store.reader.calls({ limit: 10 })).items]).toEqual([200, []]);
  });

  it('says in the log what became of it', async () => {
    await webhook();
    await webhook();
    expect(api.logs).toContainEqual(
      expect.objectContaining({ webhook: 'turned_away', error_code: 'RATE_LIMITED', provider: 'twilio' }),
    );
  });
});
