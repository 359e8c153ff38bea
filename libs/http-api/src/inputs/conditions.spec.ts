import { setMerchantConfig } from '@smart-router/routing-store/testing';
import { type Answer, startTestApi, type TestApi } from '../testing/test-api';

type Write = (headers: Record<string, string>) => Promise<Answer>;

// Which header holds of which tag: conditions.spec.ts of libs/http.
let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
  await api.put('/api/v1/merchants/acme-retail', { tier: 'gold' });
});
afterEach(() => api.close());

const TIERS = { tiers: { gold: { target: 3 }, standard: { target: 3 } } };
const MERCHANT = '/api/v1/merchants/acme-retail';
const TIER_CONFIG = '/api/v1/tier-config';

const etagOf = async (path: string) => String((await api.get(path)).headers['etag']);

describe.each([MERCHANT, TIER_CONFIG])('GET %s', (path) => {
  it('returns a strong ETag with the version, and 304 without a body for who has it', async () => {
    const etag = await etagOf(path);
    expect(etag).toMatch(/^"1-[0-9a-f]{16}"$/);
    for (const header of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const { status, text, headers } = await api.get(path, { 'if-none-match': header });
      expect({ status, text, etag: headers['etag'] }).toEqual({ status: 304, text: '', etag });
    }
    expect(await api.get(path, { 'if-none-match': '"other"' })).toMatchObject({ status: 200, body: { version: 1 } });
  });

  it('returns 412 for who asks for another state, and 400 for what is no ETag', async () => {
    expect(await api.get(path, { 'if-match': '"other"' })).toMatchObject({
      status: 412,
      body: { code: 'PRECONDITION_FAILED' },
    });
    expect((await api.get(path, { 'if-match': await etagOf(path) })).status).toBe(200);
    expect(await api.get(path, { 'if-none-match': '1' })).toMatchObject({
      status: 400,
      body: { error: 'If-None-Match must be * or a list of ETags in quotes', code: 'INVALID_FIELD' },
    });
  });
});

describe('the ETag of a merchant', () => {
  it('stands in the body, too, and changes with the chain', async () => {
    const before = await etagOf(MERCHANT);
    expect((await api.get(MERCHANT)).body['etag']).toBe(before);
    await api.put(TIER_CONFIG, { tiers: { gold: 1, standard: 1 }, version: 1 });
    expect(await etagOf(MERCHANT)).not.toBe(before);
  });
});

const WRITES: readonly (readonly [name: string, path: string, write: Write])[] = [
  ['PUT a merchant', MERCHANT, (headers) => api.put(MERCHANT, { tier: 'basic' }, headers)],
  ['DELETE a merchant', MERCHANT, (headers) => api.delete(MERCHANT, headers)],
  ['roll a merchant back', MERCHANT, (headers) => api.post(`${MERCHANT}/rollback`, { to_version: 1 }, headers)],
  ['PUT the tier config', TIER_CONFIG, (headers) => api.put(TIER_CONFIG, TIERS, headers)],
  [
    'roll the tier config back',
    TIER_CONFIG,
    (headers) => api.post(`${TIER_CONFIG}/rollback`, { to_version: 1 }, headers),
  ],
];

describe.each(WRITES)('%s', (_name, path, write) => {
  const isRollback = () => write.toString().includes('rollback');
  beforeEach(async () => {
    if (!isRollback()) return;
    await api.put(MERCHANT, { tier: 'basic' });
    await api.put(TIER_CONFIG, { ...TIERS, version: 1 });
  });

  it('is done where If-Match names the state, without a version', async () => {
    const before = await etagOf(path);
    expect((await write({ 'if-match': `"other", ${before}` })).status).toBe(200);
    const after = await api.get(path);
    expect(after.headers['etag']).not.toBe(before);
  });

  it('returns 412 and changes nothing where If-Match names another state', async () => {
    const before = await etagOf(path);
    const { status, body } = await write({ 'if-match': '"other"' });
    expect({ status, code: body['code'] }).toEqual({ status: 412, code: 'PRECONDITION_FAILED' });
    expect(body['error']).toBe(`precondition failed: the current ETag is ${before}`);
    expect(await etagOf(path)).toBe(before);
  });
});

describe('If-None-Match: *', () => {
  it('creates a merchant only where there is none', async () => {
    const create = () => api.put('/api/v1/merchants/new', { tier: 'gold' }, { 'if-none-match': '*' });
    expect((await create()).status).toBe(200);
    expect((await create()).status).toBe(412);
    await api.delete('/api/v1/merchants/new');
    expect(await create()).toMatchObject({ status: 200, body: { version: 3 } });
  });
});

describe('If-Match: *', () => {
  it('changes a merchant only where there is one', async () => {
    expect(await api.put('/api/v1/merchants/new', {}, { 'if-match': '*' })).toMatchObject({
      status: 412,
      body: { error: 'precondition failed: there is none' },
    });
    expect((await api.put(MERCHANT, {}, { 'if-match': '*' })).status).toBe(200);
  });
});

describe('writers at the same time', () => {
  it.each([
    [
      'merchant',
      MERCHANT,
      (n: number, etag: string) =>
        api.put(MERCHANT, { fallback: n === 0 ? ['gold'] : ['basic'] }, { 'if-match': etag }),
    ],
    [
      'tier config',
      TIER_CONFIG,
      (n: number, etag: string) => api.put(TIER_CONFIG, { tiers: { gold: n + 5 } }, { 'if-match': etag }),
    ],
  ])('who saw the same %s: one wins, and the others get 412', async (_name, path, write) => {
    const etag = await etagOf(path);
    const answers = await Promise.all([0, 1, 2].map((n) => write(n, etag)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });
});

describe('a dry run', () => {
  it('returns 412 where the precondition does not hold', async () => {
    for (const send of [
      () => api.put(`${MERCHANT}?dry_run=true`, {}, { 'if-match': '"other"' }),
      () => api.delete(`${MERCHANT}?dry_run=true`, { 'if-match': '"other"' }),
      () => api.put(`${TIER_CONFIG}?dry_run=true`, TIERS, { 'if-match': '"other"' }),
      () => api.post(`${TIER_CONFIG}/rollback?dry_run=true`, { to_version: 1 }, { 'if-match': '"other"' }),
    ]) {
      expect((await send()).status).toBe(412);
    }
  });
});

describe('a merchant that is not there', () => {
  it('is 404, whatever is expected of it', async () => {
    await setMerchantConfig(api.store, 'acme-retail', null);
    expect((await api.get(MERCHANT, { 'if-match': '"other"' })).status).toBe(404);
    expect((await api.delete(MERCHANT, { 'if-match': '"other"' })).status).toBe(404);
  });
});
