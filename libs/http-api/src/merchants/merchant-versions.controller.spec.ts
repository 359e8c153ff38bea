import { setMerchantConfig } from '@smart-router/routing-store/testing';
import { apiOfEachTest } from '../testing/use-test-api';

const api = apiOfEachTest();

const path = '/api/v1/merchants/acme-retail';
const gold = { config: { tier: 'gold' }, effective_chain: ['gold', 'standard', 'basic'] };
const none = { config: null, effective_chain: ['standard', 'basic'] };

describe('GET /merchants/{merchant_id}/versions', () => {
  it('returns what was stored, newest first, also after the config was removed', async () => {
    await api.put(path, { tier: 'gold' });
    await setMerchantConfig(api.store, 'acme-retail', '{oops');
    await api.delete(path);
    const { status, body } = await api.get(`${path}/versions`);
    expect(status).toBe(200);
    const updated_at = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(body).toEqual({
      items: [
        { version: 3, updated_at, removed: true, config: null },
        { version: 2, updated_at, removed: false, config: null, malformed: expect.objectContaining({ text: '{oops' }) },
        { version: 1, updated_at, removed: false, config: { tier: 'gold' } },
      ],
      cursor: null,
    });
    expect((await api.get(`${path}/versions/1`)).body).toEqual((body['items'] as unknown[])[2]);
  });

  it('returns 404 when nothing is known of the merchant, or not of the version, and 400 for what is none', async () => {
    expect(await api.get(`${path}/versions`)).toMatchObject({ status: 404, body: { code: 'MERCHANT_NOT_FOUND' } });
    expect(await api.get(`${path}/versions/1`)).toMatchObject({ status: 404, body: { code: 'MERCHANT_NOT_FOUND' } });
    await api.put(path, {});
    expect(await api.get(`${path}/versions/2`)).toMatchObject({ status: 404, body: { code: 'VERSION_NOT_FOUND' } });
    for (const text of ['-1', 'x', '1e3']) expect((await api.get(`${path}/versions/${text}`)).status).toBe(400);
  });
});

describe('POST /merchants/{merchant_id}/rollback', () => {
  const rollback = (body: unknown, query = '') => api.post(`${path}/rollback${query}`, body);
  beforeEach(async () => {
    await api.put(path, { tier: 'gold' });
    await api.delete(path);
  });

  it('brings a removed config back, as a new version', async () => {
    const { status, body } = await rollback({ to_version: 1, version: 2 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ version: 3, ...gold });
    expect((await api.get(path)).body).toEqual(body);
  });

  it('returns 409 and changes nothing when the version is not the current one', async () => {
    expect(await rollback({ to_version: 1, version: 1 })).toMatchObject({
      status: 409,
      body: { code: 'VERSION_CONFLICT', error: 'version conflict: the current version is 2' },
    });
    expect((await api.get(path)).status).toBe(404);
  });

  it('returns 404 for a version that is not known, and 422 for one that removed the config', async () => {
    expect(await rollback({ to_version: 9, version: 2 })).toMatchObject({
      status: 404,
      body: { code: 'VERSION_NOT_FOUND' },
    });
    expect(await rollback({ to_version: 2, version: 2 })).toMatchObject({
      status: 422,
      body: { error: expect.stringContaining('to_version is the removal') },
    });
  });

  it.each(['to_version', 'version'])('returns 400 when %s is missing', async (field) => {
    expect(await rollback({ to_version: 1, version: 2, [field]: undefined })).toMatchObject({
      status: 400,
      body: { error: `${field} is required` },
    });
  });

  it('returns what would change and changes nothing when it is a dry run', async () => {
    expect((await rollback({ to_version: 1 }, '?dry_run=true')).body).toEqual({
      ...{ valid: true, merchant_id: 'acme-retail', current_version: 2 },
      ...{ before: none, after: gold },
    });
    expect((await rollback({ to_version: 1, version: 7 }, '?dry_run=true')).status).toBe(409);
    expect((await api.get(path)).status).toBe(404);
  });
});

describe('dry_run=true', () => {
  it('of PUT returns the chain before and after, and changes nothing', async () => {
    const { status, body } = await api.put(`${path}?dry_run=true`, { tier: 'gold' });
    expect({ status, body }).toEqual({
      status: 200,
      body: { valid: true, merchant_id: 'acme-retail', current_version: 0, before: none, after: gold },
    });
    expect((await api.put(`${path}?dry_run=true`, { tier: 'nickel' })).status).toBe(422);
    expect((await api.get(path)).status).toBe(404);
  });

  it('of DELETE returns the chain before and after, and changes nothing', async () => {
    expect((await api.delete(`${path}?dry_run=true`)).status).toBe(404);
    await api.put(path, { tier: 'gold' });
    expect((await api.delete(`${path}?dry_run=true`)).body).toMatchObject({ before: gold, after: none });
    expect((await api.get(path)).body).toMatchObject({ version: 1 });
  });

  it.each(['yes', '', '1'])('is refused when it is %p', async (text) => {
    await api.put(path, { tier: 'gold' });
    const answer = await api.delete(`${path}?dry_run=${text}`);
    expect(answer).toMatchObject({ status: 400, body: { error: expect.stringContaining('dry_run must be') } });
    expect((await api.get(path)).status).toBe(200);
  });
});

describe('GET /merchants/export', () => {
  it('returns every merchant, by name, as a file', async () => {
    await api.put('/api/v1/merchants/b', { tier: 'gold' });
    await api.put('/api/v1/merchants/a', { pool: 'acme' });
    const { status, body, headers } = await api.get('/api/v1/merchants/export');
    expect(status).toBe(200);
    expect(headers['content-disposition']).toBe('attachment; filename="merchants.json"');
    expect(body).toEqual({
      exported_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      items: [
        {
          merchant_id: 'a',
          config: { pool: 'acme' },
          effective_chain: ['merchant:acme', 'standard', 'basic'],
        },
        { merchant_id: 'b', ...gold },
      ],
      cursor: null,
    });
  });
});
