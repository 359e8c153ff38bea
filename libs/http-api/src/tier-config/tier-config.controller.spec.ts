import { ERROR_CODES } from '@smart-router/http';
import { breakStore } from '../testing/test-api';
import { apiOfEachTest } from '../testing/use-test-api';

const api = apiOfEachTest();

const INVALID = ERROR_CODES.INVALID_TIER_CONFIG.status;
const PATH = '/api/v1/tier-config';
const standardOnly = { tiers: { standard: { type: 'exclusive', target: 3 } }, default_chain: ['standard'] };

describe('GET /tier-config', () => {
  it('returns the envelope in force', async () => {
    const { status, body } = await api.get(PATH);
    expect(status).toBe(200);
    expect(body).toEqual({
      version: 1,
      updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      tiers: {
        gold: { type: 'exclusive', target: 1 },
        standard: { type: 'exclusive', target: 2 },
        basic: { type: 'shared', target: 1, max_concurrent: 2 },
      },
      dedicated_pools: { acme: { type: 'exclusive', target: 1 } },
      default_chain: ['gold', 'standard', 'basic'],
      default_tier: 'standard',
    });
  });

  it('returns the last good config when the store cannot be reached', async () => {
    breakStore(api.store);
    expect(await api.get(PATH)).toMatchObject({ status: 200, body: { version: 1 } });
  });
});

describe('PUT /tier-config', () => {
  it('returns the new envelope when the version is the current one', async () => {
    const { status, body } = await api.put(PATH, { ...standardOnly, version: 1 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ version: 2, tiers: { standard: { target: 3 } }, default_tier: 'standard' });
    expect((await api.get(PATH)).body).toEqual(body);
  });

  it('returns 200 and makes no new version when its own answer is sent back', async () => {
    const { body } = await api.get(PATH);
    expect(await api.put(PATH, body)).toMatchObject({ status: 200, body });
    expect((await api.get(`${PATH}/versions`)).body['items']).toHaveLength(1);
    expect((await api.put(PATH, { ...body, version: 7 })).status).toBe(409);
  });

  it('returns 409 and changes nothing when the version is stale', async () => {
    await api.put(PATH, { ...standardOnly, version: 1 });
    const { status, body } = await api.put(PATH, { tiers: { other: { target: 1 } }, version: 1 });
    expect({ status, code: body['code'] }).toEqual({ status: 409, code: 'VERSION_CONFLICT' });
    expect(body['error']).toBe('version conflict: the current version is 2');
    expect((await api.get(PATH)).body).toMatchObject({ version: 2, tiers: { standard: { target: 3 } } });
  });

  it.each([
    [undefined, 'version is required'],
    [null, 'version is required'],
    ['1', 'version must be a whole number'],
    [1.5, 'version must be a whole number'],
    [-1, 'version must be at least 0'],
  ])('returns 400 when version is %p', async (version, error) => {
    expect(await api.put(PATH, { ...standardOnly, version })).toMatchObject({ status: 400, body: { error } });
  });

  it('returns every problem with its path when the config is invalid', async () => {
    const broken = { tiers: { gold: { type: 'solo', target: -1 } }, default_chain: ['silver'], version: 1 };
    const { status, body } = await api.put(PATH, broken);
    expect({ status, code: body['code'] }).toEqual({ status: INVALID, code: 'INVALID_TIER_CONFIG' });
    expect(body['error']).toMatch(/^invalid tier config: .*tiers\.gold\.type .*tiers\.gold\.target /);
    expect((await api.get(PATH)).body).toMatchObject({ version: 1 });
  });
});

describe('PUT /tier-config?dry_run=true', () => {
  const dryRun = (body: unknown) => api.put(`${PATH}?dry_run=true`, body);

  it('returns what would move and changes nothing when the config is valid', async () => {
    await api.post('/api/v1/allocate', { call_sid: '1' });
    const after = { tiers: { gold: { target: 3 }, standard: { type: 'shared', target: 1, max_concurrent: 4 } } };
    const { status, body } = await dryRun(after);
    expect(status).toBe(200);
    expect(body).toEqual({
      valid: true,
      current_version: 1,
      moves: [
        { pool: 'gold', target_before: 1, target_after: 3, assigned: 1, surplus: 0, deficit: 2 },
        { pool: 'standard', target_before: 2, target_after: 1, assigned: 2, surplus: 1, deficit: 0 },
        { pool: 'basic', target_before: 1, target_after: 0, assigned: 1, surplus: 1, deficit: 0 },
        { pool: 'merchant:acme', target_before: 1, target_after: 0, assigned: 1, surplus: 1, deficit: 0 },
      ],
      type_changes: [{ pool: 'standard', from: 'exclusive', to: 'shared', active_calls: 1 }],
      removed_pools: [
        { pool: 'basic', assigned: 1, active_calls: 0 },
        { pool: 'merchant:acme', assigned: 1, active_calls: 0 },
      ],
    });
    expect((await api.get(PATH)).body).toMatchObject({ version: 1 });
  });

  it('returns every problem when the config is invalid', async () => {
    expect(await dryRun({ tiers: {} })).toMatchObject({
      status: INVALID,
      body: { error: expect.stringMatching(/^invalid tier config: tiers /), code: 'INVALID_TIER_CONFIG' },
    });
  });

  it('returns 409 when a version is given that is not the current one', async () => {
    expect((await dryRun({ ...standardOnly, version: 7 })).status).toBe(409);
  });

  it('changes the config when dry_run is false', async () => {
    expect(await api.put(`${PATH}?dry_run=false`, { ...standardOnly, version: 1 })).toMatchObject({
      status: 200,
      body: { version: 2 },
    });
  });
});

describe('GET /tier-config/versions', () => {
  it('returns what was stored, newest first', async () => {
    await api.put(PATH, { ...standardOnly, version: 1 });
    await api.put(PATH, { tiers: { gold: { target: 1 } }, version: 2 });
    const { status, body } = await api.get(`${PATH}/versions`);
    expect(status).toBe(200);
    const items = body['items'] as { version: number; config: { tiers: object } }[];
    expect(items.map(({ version, config }) => [version, Object.keys(config.tiers)])).toEqual([
      [3, ['gold']],
      [2, ['standard']],
      [1, ['gold', 'standard', 'basic']],
    ]);
  });
});

describe('GET /tier-config/versions/{version}', () => {
  it('returns what was stored as this version', async () => {
    await api.put(PATH, { ...standardOnly, version: 1 });
    const { items } = (await api.get(`${PATH}/versions`)).body as { items: unknown[] };
    expect(await api.get(`${PATH}/versions/1`)).toMatchObject({ status: 200, body: { version: 1 } });
    expect((await api.get(`${PATH}/versions/2`)).body).toEqual(items[0]);
  });

  it('returns 404 for one that is not known, and 400 for what is none', async () => {
    expect(await api.get(`${PATH}/versions/9`)).toMatchObject({ status: 404, body: { code: 'VERSION_NOT_FOUND' } });
    for (const text of ['-1', '1.5', 'x', '1e3']) expect((await api.get(`${PATH}/versions/${text}`)).status).toBe(400);
  });
});

describe('POST /tier-config/rollback', () => {
  const rollback = (body: unknown) => api.post(`${PATH}/rollback`, body);

  it('returns the old content as a new version when the version is known', async () => {
    await api.put(PATH, { ...standardOnly, version: 1 });
    await api.put(PATH, { tiers: { gold: { target: 1 } }, version: 2 });
    expect(await rollback({ to_version: 2, version: 3 })).toMatchObject({
      status: 200,
      body: { version: 4, tiers: { standard: { target: 3 } } },
    });
  });

  it('returns 404 when the version is not known', async () => {
    expect(await rollback({ to_version: 9, version: 1 })).toMatchObject({
      status: 404,
      body: { code: 'VERSION_NOT_FOUND' },
    });
  });

  it('returns 409 when the current version is another one', async () => {
    await api.put(PATH, { ...standardOnly, version: 1 });
    expect((await rollback({ to_version: 2, version: 1 })).status).toBe(409);
  });

  it('returns what would move and changes nothing when it is a dry run', async () => {
    await api.put(PATH, { ...standardOnly, version: 1 });
    const { status, body } = await api.post(`${PATH}/rollback?dry_run=true`, { to_version: 1 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ valid: true, current_version: 2 });
    expect(body['moves']).toContainEqual(
      expect.objectContaining({ pool: 'gold', target_before: 0, target_after: 1, assigned: 1 }),
    );
    expect((await api.get(PATH)).body).toMatchObject({ version: 2 });
  });

  it('returns 404 or 409 when a dry run names a version that is not there or not current', async () => {
    expect((await api.post(`${PATH}/rollback?dry_run=true`, { to_version: 9 })).status).toBe(404);
    expect((await api.post(`${PATH}/rollback?dry_run=true`, { to_version: 1, version: 7 })).status).toBe(409);
  });

  it.each(['to_version', 'version'])('returns 400 when %s is missing', async (field) => {
    expect(await rollback({ to_version: 1, version: 1, [field]: undefined })).toMatchObject({
      status: 400,
      body: { error: `${field} is required` },
    });
  });
});
