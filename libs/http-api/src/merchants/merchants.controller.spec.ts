import { setMerchantConfig } from '@smart-router/routing-store/testing';
import { ERROR_CODES } from '@smart-router/http';
import { apiOfEachTest } from '../testing/use-test-api';

const api = apiOfEachTest();

const path = '/api/v1/merchants/acme-retail';

describe('PUT /merchants/{merchant_id}', () => {
  it('returns the config and its chain when it is valid', async () => {
    const { status, body } = await api.put(path, { pool: 'acme', fallback: ['standard'] });
    expect(status).toBe(200);
    expect(body).toEqual({
      merchant_id: 'acme-retail',
      config: { pool: 'acme', fallback: ['standard'] },
      effective_chain: ['merchant:acme', 'standard'],
      version: 1,
      updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      etag: expect.stringMatching(/^"1-[0-9a-f]{16}"$/),
    });
  });

  it('decides the very next call when it is stored', async () => {
    await api.post('/api/v1/allocate', { call_sid: '1', merchant_id: 'acme-retail' });
    await api.put(path, { tier: 'gold' });
    const { body } = await api.post('/api/v1/allocate', { call_sid: '2', merchant_id: 'acme-retail' });
    expect(body['source_pool']).toBe('pool:gold');
  });

  it('returns every problem with its path and stores nothing when the config is invalid', async () => {
    const { status, body } = await api.put(path, { tier: 'silver', fallback: ['gold', 'bronze'] });
    expect({ status, code: body['code'] }).toEqual({
      status: ERROR_CODES.INVALID_MERCHANT_CONFIG.status,
      code: 'INVALID_MERCHANT_CONFIG',
    });
    expect(body['error']).toBe(
      'invalid merchant config: tier names no tier: "silver"; fallback[1] names no tier: "bronze"',
    );
    expect((await api.store.documents.readMerchantConfig('acme-retail')).text).toBeNull();
  });

  it('returns 422 when no dedicated pool has the name of its pool', async () => {
    expect(await api.put(path, { pool: 'acne' })).toMatchObject({
      status: 422,
      body: { error: expect.stringContaining('pool names no pool: "acne"'), code: 'INVALID_MERCHANT_CONFIG' },
    });
  });

  it('makes no new version when it says what is stored', async () => {
    await api.put(path, { tier: 'gold', fallback: ['basic'] });
    const again = await api.put(path, { fallback: ['basic'], tier: 'gold' });
    expect(again).toMatchObject({ status: 200, body: { version: 1 } });
    expect((await api.get(`${path}/versions`)).body['items']).toHaveLength(1);
  });

  it('returns 400 when the merchant is called export, which is a route', async () => {
    const { status, body } = await api.put('/api/v1/merchants/export', { tier: 'gold' });
    expect({ status, error: body['error'] }).toMatchObject({
      status: 400,
      error: expect.stringMatching(/^merchant_id .*export$/),
    });
    expect((await api.put('/api/v1/merchants/exports', { tier: 'gold' })).status).toBe(200);
  });
});

describe('GET /merchants/{merchant_id}', () => {
  it('returns what is stored when there is a config', async () => {
    await setMerchantConfig(api.store, 'acme-retail', '{"tier":"basic"}');
    expect(await api.get(path)).toMatchObject({
      status: 200,
      body: { merchant_id: 'acme-retail', config: { tier: 'basic' }, effective_chain: ['basic'] },
    });
  });

  it('returns the text and what is wrong with it when it was written by hand and cannot be read', async () => {
    await setMerchantConfig(api.store, 'acme-retail', '{oops');
    const { status, body } = await api.get(path);
    expect(status).toBe(200);
    expect(body).toMatchObject({ config: null, malformed: { text: '{oops', problems: [{ path: '' }] } });
    expect(body['effective_chain']).toEqual(['standard', 'basic']);
  });

  it('returns 404 when there is none', async () => {
    expect(await api.get(path)).toMatchObject({ status: 404, body: { code: 'MERCHANT_NOT_FOUND' } });
  });
});

describe('DELETE /merchants/{merchant_id}', () => {
  it('returns success when there was a config', async () => {
    await api.put(path, { tier: 'gold' });
    const { status, body } = await api.delete(path);
    expect({ status, body }).toEqual({ status: 200, body: { success: true, merchant_id: 'acme-retail' } });
    expect((await api.get(path)).status).toBe(404);
  });

  it('returns 404 when there was none', async () => {
    expect((await api.delete(path)).status).toBe(404);
  });
});

describe('GET /merchants', () => {});
