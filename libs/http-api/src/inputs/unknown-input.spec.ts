import { setMerchantConfig } from '@smart-router/routing-store/testing';
import { startTestApi, type TestApi } from '../testing/test-api';

/** Telephony providers and probes add what they like; the documentation is no part of the API. */
const LENIENT = /^\/(api\/v1\/)?(health|ready|metrics|docs)|\/:provider\//;

let api: TestApi;
const routes: { method: string; url: string }[] = [];

beforeAll(async () => {
  api = await startTestApi({}, { onRoute: (method, url) => routes.push({ method, url }) });
  await api.get('/health');
});
afterAll(() => api.close());

const config = async () => [
  await api.store.documents.readTierConfig(),
  await api.store.documents.readMerchantConfig('x'),
];

describe('a query parameter that the route does not know', () => {
  it('is refused by every route of the API, and changes nothing', async () => {
    const before = await config();
    const strict = routes.filter(({ url }) => !LENIENT.test(url));
    expect(strict.length).toBeGreaterThan(20);
    for (const { method, url } of strict) {
      const body = method === 'GET' || method === 'HEAD' ? undefined : { version: 1, gold: 1 };
      const { status } = await api.send(method, `${url.replace(/:\w+/g, 'x')}?dryrun=true`, body);
      expect([method, url, status]).toEqual([method, url, 400]);
    }
    expect(await config()).toEqual(before);
  });

  it('is let through by webhooks and probes', async () => {
    const lenient = routes.filter(({ method, url }) => method === 'GET' && LENIENT.test(url) && !url.includes('*'));
    expect(lenient.length).toBeGreaterThan(10);
    for (const { url } of lenient) {
      const { body } = await api.get(`${url.replace(':provider', 'exotel').replace(':template', 'x')}?dryrun=true`);
      expect([url, body['error'] ?? '']).toEqual([url, expect.not.stringContaining('unknown query parameter')]);
    }
  });

  it.each([
    ['/api/v1/status?foo=', 'unknown query parameter "foo": there is none here'],
    ['/api/v1/pods?teir=gold&limit=5', 'unknown query parameter "teir": known here: pool, tier, status, limit, cursor'],
    ['/api/v1/calls?=1', 'unknown query parameter "": known here: pool, tier, merchant_id, merchant, limit, cursor'],
    ['/api/v1/status?a&b', 'unknown query parameters "a", "b": there is none here'],
  ])('is named in the answer to %s, with those that are known', async (path, error) => {
    expect(await api.get(path)).toMatchObject({ status: 400, body: { error, code: 'INVALID_FIELD' } });
  });

  it('is repeated in part only, however long and however many', async () => {
    const query = Array.from({ length: 50 }, (_, index) => `${index}${'x'.repeat(200)}=1`).join('&');
    const { body } = await api.get(`/api/v1/status?${query}`);
    expect(String(body['error']).length).toBeLessThan(500);
  });

  it('is refused after the key was looked at, and before the body is', async () => {
    const closed = await startTestApi({ API_KEYS: 'reader:read:reader-secret-0001,writer:write:writer-secret-0001' });
    const put = (secret: string) =>
      closed.send('PUT', '/api/v1/tier-config?dryrun=true', 'x'.repeat(100_000), { authorization: `Bearer ${secret}` });
    const statuses = [
      await put('nobody-secret-0001'),
      await put('reader-secret-0001'),
      await put('writer-secret-0001'),
    ];
    await closed.close();
    expect(statuses.map(({ status }) => status)).toEqual([401, 403, 400]);
  });
});

describe('a field that the route does not know', () => {
  it.each<[method: string, path: string, body: object, status: number]>([
    ['POST', '/api/v1/drain', { pod_name: 'gold-0', dry_run: true }, 400],
    ['POST', '/api/v1/undrain', { pod_name: 'gold-0', ttl: 1 }, 400],
    ['POST', '/api/v1/reconcile', { dry_run: true }, 400],
    ['PUT', '/api/v1/merchants/x', { teir: 'gold' }, 422],
    ['DELETE', '/api/v1/merchants/x', { version: 1 }, 400],
    ['PUT', '/api/v1/tier-config', { version: 1, tiers: { gold: { target: 1, max_concurent: 2 } } }, 422],
    ['PUT', '/api/v1/tier-config', { version: 1, tiers: { gold: { target: 1 } }, dry_run: true }, 422],
    ['PUT', '/api/v1/tier-config?dry_run=true', { tiers: { gold: { traget: 1, target: 1 } } }, 422],
    ['POST', '/api/v1/tier-config/rollback', { to_version: 1, version: 1, dry_run: true }, 400],
    ['POST', '/api/v1/tier-config/rollback?dry_run=true', { to_version: 1, dryrun: true }, 400],
  ])('is refused by %s %s: %j', async (method, path, body, status) => {
    await setMerchantConfig(api.store, 'x', '{"tier":"gold"}');
    const before = await config();
    const answer = await api.send(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body['error']).toMatch(/unknown field|is not a known field/);
    expect([await config(), (await api.store.reader.pod('gold-0'))?.isDraining]).toEqual([before, false]);
  });

  it('is ignored by what voice agents and other clients send with calls', async () => {
    const extended = { call_sid: 'extended-1', colour: 'red' };
    expect((await api.post('/api/v1/allocate', extended)).status).toBe(200);
    expect((await api.post('/api/v1/calls/extended-1/heartbeat', extended)).status).toBe(200);
    expect((await api.post('/api/v1/release', extended)).status).toBe(200);
  });

  it('is none where the body is empty', async () => {
    await setMerchantConfig(api.store, 'x', '{"tier":"gold"}');
    expect((await api.send('DELETE', '/api/v1/merchants/x', {})).status).toBe(200);
  });
});
