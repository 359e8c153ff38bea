import { setMerchantConfig } from '@smart-router/routing-store/testing';
import { startTestApi, type TestApi } from '../testing/test-api';

type Json = Record<string, unknown>;

const SECRET = 'ops-secret-0123456789';
const READER = 'dashboard-secret-0123456789';
const headers = { authorization: `Bearer ${SECRET}`, 'x-request-id': 'request-7' };

let api: TestApi;
const audit = async (query = '') => {
  const { body } = await api.get(`/api/v1/audit${query}`, { authorization: `Bearer ${READER}` });
  return body['items'] as Json[];
};
const TIERS = { tiers: { gold: { target: 1 }, standard: { target: 1 } }, version: 1 };

describe('GET /audit', () => {
  beforeEach(async () => {
    api = await startTestApi({ API_KEYS: `ops:write:${SECRET},dashboard:read:${READER}` });
  });
  afterEach(() => api.close());

  it('returns who changed what by which request, newest first', async () => {
    await api.put('/api/v1/tier-config', TIERS, headers);
    await api.post('/api/v1/tier-config/rollback', { to_version: 1, version: 2 }, headers);
    await api.put('/api/v1/merchants/acme-retail', { tier: 'gold' }, headers);
    await api.delete('/api/v1/merchants/acme-retail', headers);
    await api.post('/api/v1/merchants/acme-retail/rollback', { to_version: 1, version: 2 }, headers);
    await api.post('/api/v1/drain', { pod_name: 'gold-0' }, headers);
    await api.post('/api/v1/undrain', { pod_name: 'gold-0' }, headers);
    const entries = await audit();
    const seen = entries.map(({ action, subject, version, before, after }) => [
      action,
      subject,
      version,
      before,
      after,
    ]);
    const tiers = (version: number) => expect.stringContaining(`"version":${version},`);
    expect(seen).toEqual([
      ['pod.undrain', 'gold-0', null, '{"is_draining":true}', '{"is_draining":false}'],
      ['pod.drain', 'gold-0', null, '{"is_draining":false}', '{"is_draining":true}'],
      ['merchant.rollback', 'acme-retail', 3, null, '{"tier":"gold"}'],
      ['merchant.delete', 'acme-retail', 2, '{"tier":"gold"}', null],
      ['merchant.put', 'acme-retail', 1, null, '{"tier":"gold"}'],
      ['tier_config.rollback', null, 3, tiers(2), tiers(3)],
      ['tier_config.put', null, 2, tiers(1), tiers(2)],
      ['tier_config.seed', null, 1, null, tiers(1)],
    ]);
    const who = entries.map(({ actor, request_id, client_address }) => ({ actor, request_id, client_address }));
    expect(who.slice(0, -1)).toEqual(
      Array(7).fill({ actor: 'ops', request_id: 'request-7', client_address: '127.0.0.1' }),
    );
    expect(who.at(-1)).toEqual({ actor: 'smart-router', request_id: null, client_address: null });
    expect(entries[0]?.['time']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('has nothing of requests that changed nothing', async () => {
    const before = await audit();
    await api.put('/api/v1/tier-config', { ...TIERS, version: 7 }, headers);
    await api.put('/api/v1/tier-config?dry_run=true', TIERS, headers);
    await api.put('/api/v1/merchants/acme-retail', { tier: 'nickel' }, headers);
    await api.put('/api/v1/merchants/acme-retail', {}, { ...headers, 'if-match': '"other"' });
    await api.put('/api/v1/merchants/acme-retail?dry_run=true', {}, headers);
    await api.put('/api/v1/merchants/acme-retail', {}, { authorization: `Bearer ${READER}` });
    await api.delete('/api/v1/merchants/acme-retail', headers);
    await api.post('/api/v1/undrain', { pod_name: 'gold-0' }, headers);
    await api.post('/api/v1/drain', { pod_name: 'nobody' }, headers);
    expect(await audit()).toEqual(before);
  });

  it('is filtered by its own fields', async () => {
    await api.put('/api/v1/merchants/a', { tier: 'gold' }, headers);
    await api.put('/api/v1/merchants/b', { tier: 'gold' }, { ...headers, 'x-request-id': 'request-8' });
    const subjects = async (query: string) => (await audit(query)).map(({ subject }) => subject);
    expect(await subjects('?action=merchant.put')).toEqual(['b', 'a']);
    expect(await subjects('?subject=a')).toEqual(['a']);
    expect(await subjects('?actor=ops&request_id=request-8')).toEqual(['b']);
    expect(await subjects('?actor=smart-router')).toEqual([null]);
    expect(await subjects('?actor=nobody')).toEqual([]);
  });

  it.each([
    ['action=merchant.eat', 'action must be tier_config.put or '],
    ['actor=', 'actor must be 1 to 64'],
    ['subject=a%20b', 'subject must be 1 to 128'],
    ['request_id=%7B', 'request_id must be 1 to 64'],
    ['limit=0', 'limit must be'],
    ['cursor=x', 'cursor must be'],
    ['since=1', 'unknown query parameter "since": known here: action, actor, subject, request_id, limit, cursor'],
  ])('returns 400 that names the parameter for ?%s', async (query, error) => {
    expect(await api.get(`/api/v1/audit?${query}`, headers)).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining(error), code: 'INVALID_FIELD' },
    });
  });

  it('hides what looks like a secret in a text that was written by hand', async () => {
    await setMerchantConfig(api.store, 'acme-retail', '{"tier":"gold","api_token":"open-sesame"}');
    await api.delete('/api/v1/merchants/acme-retail', headers);
    expect((await audit('?action=merchant.delete'))[0]).toMatchObject({ before: '{"tier":"gold","api_token":"***"}' });
    expect(JSON.stringify(await audit())).not.toContain('sesame');
  });
});

describe('GET /audit without API keys', () => {
  it('names the actor open, and the address that a trusted proxy has seen', async () => {
    api = await startTestApi({ TRUSTED_PROXIES: '127.0.0.1' });
    await api.put('/api/v1/merchants/a', {}, { 'x-forwarded-for': '198.51.100.7:4711' });
    const { body } = await api.get('/api/v1/audit?limit=1');
    await api.close();
    expect(body['items']).toEqual([
      expect.objectContaining({ actor: 'open', client_address: '198.51.100.7', request_id: expect.any(String) }),
    ]);
  });
});
