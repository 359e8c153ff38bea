import { setMerchantConfig } from '@smart-router/routing-store/testing';
import { registry } from '@smart-router/metrics';
import { apiOfAllTests } from '../testing/use-test-api';

type Json = Record<string, unknown>;

const api = apiOfAllTests();

const first = (body: Json) => (body['items'] as Json[])[0] as Json;

describe.each([
  ['', 'standard'],
  ['acme-retail', 'merchant:acme'],
])('the pool of a call of merchant %p', (merchant_id, pool) => {
  beforeAll(async () => {
    await setMerchantConfig(api.store, 'acme-retail', '{"pool":"acme"}');
    await api.post('/api/v1/allocate', { call_sid: `call-${pool}`, merchant_id });
  });

  it('has one name in the answer, the chain, the lists, their filters and the metrics', async () => {
    const { body } = await api.post('/api/v1/allocate', { call_sid: `call-${pool}`, merchant_id });
    const call = (await api.get(`/api/v1/calls/call-${pool}`)).body;
    const calls = (await api.get(`/api/v1/calls?pool=${pool}`)).body;
    const pods = (await api.get(`/api/v1/pods?pool=${pool}&status=allocated`)).body;
    const chain = (call['chain'] as Json[]).at(-1) as Json;
    expect([body['pool'], call['pool'], chain['pool'], first(calls)['pool'], first(pods)['pool']]).toEqual(
      Array(5).fill(pool),
    );
    expect(Object.keys((await api.get('/api/v1/status')).body['pools'] as Json)).toContain(pool);
    expect(await registry.metrics()).toContain(`smart_router_pool_assigned_pods{tier="${pool}"}`);
  });
});

describe('a list', () => {
  it.each(['pods', 'calls', 'merchants', 'audit'])(
    'of %s has items and a cursor, and its older names with the same',
    async (list) => {
      const { body } = await api.get(`/api/v1/${list}?limit=1`);
      expect(body['items']).toHaveLength(1);
      expect(body).toMatchObject({
        cursor: body['next_cursor'],
        [list === 'pods' || list === 'calls' ? list : 'items']: body['items'],
      });
    },
  );

  it.each(['tier-config/versions', 'merchants/acme-retail/versions', 'merchants/export'])(
    'that is complete has items and no cursor: %s',
    async (list) => {
      const { body } = await api.get(`/api/v1/${list}`);
      expect(body).toMatchObject({ items: [expect.any(Object)], cursor: null });
    },
  );

  it.each(['pods', 'calls', 'merchants', 'audit'])('of %s is read to its end by the cursor', async (list) => {
    await setMerchantConfig(api.store, 'other', '{}');
    const page = async (query: string) => (await api.get(`/api/v1/${list}?${query}`)).body;
    const pages = [await page('limit=1')];
    for (let cursor = pages[0]?.['cursor']; typeof cursor === 'string'; cursor = pages.at(-1)?.['cursor']) {
      pages.push(await page(`limit=1&cursor=${encodeURIComponent(cursor)}`));
    }
    const items = pages.flatMap((body) => body['items'] as Json[]);
    expect(items).toEqual((await page('limit=500'))['items']);
    expect(items.length).toBeGreaterThan(1);
  });

  it('names its pods under its own path, too', async () => {
    const [one, other] = [await api.get('/api/v1/pods/gold-0'), await api.get('/api/v1/pod/gold-0')];
    expect([one.status, one.body]).toEqual([200, other.body]);
    expect(await api.get('/api/v1/pods/nobody')).toMatchObject({ status: 404, body: { code: 'POD_NOT_FOUND' } });
  });
});
