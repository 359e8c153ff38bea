import { gzipSync } from 'node:zlib';
import { apiOfAllTests } from '../testing/use-test-api';

const api = apiOfAllTests();

const LIMIT = 65_536;

const JSON_ROUTES = [
  ['POST', '/api/v1/allocate'],
  ['POST', '/api/v1/release'],
  ['POST', '/api/v1/drain'],
  ['POST', '/api/v1/undrain'],
  ['PUT', '/api/v1/merchants/m-1'],
  ['PUT', '/api/v1/tier-config'],
  ['PUT', '/api/v1/tier-config?dry_run=true'],
  ['POST', '/api/v1/tier-config/rollback'],
] as const;

/** What every route answers to this body; the same headers for all of them. */
function answers(body: string | Buffer | undefined, headers: Record<string, string> = {}) {
  return Promise.all(
    JSON_ROUTES.map(async ([method, path]) => {
      const answer = await api.send(method, path, body, headers);
      return { method, path, status: answer.status, ...answer.body, accepts: answer.headers['accept-encoding'] };
    }),
  );
}

const everywhere = (expected: object) => JSON_ROUTES.map(([method, path]) => ({ method, path, ...expected }));

describe('every route that takes a body', () => {
  it.each([
    ['', 'is empty'],
    [undefined, 'is empty'],
    ['{"invalid json', 'is no JSON'],
    ['[]', 'is another JSON value'],
  ])('returns 400 that says what was expected when the body is %j', async (body, problem) => {
    const error = `invalid request body: it must be a JSON object, but ${problem}`;
    const found = await answers(body, { 'content-type': 'application/json' });
    expect(found).toMatchObject(everywhere({ status: 400, error, code: 'INVALID_BODY' }));
  });

  it('returns 415 that names the encoding when the body is compressed', async () => {
    const error = 'unsupported content encoding gzip: send the body as it is, not compressed';
    const found = await answers(gzipSync('{"call_sid":"zipped"}'), { 'content-encoding': 'gzip' });
    expect(found).toMatchObject(
      everywhere({ status: 415, error, code: 'UNSUPPORTED_MEDIA_TYPE', accepts: 'identity' }),
    );
  });

  it('returns 413 when the body is one byte too large, and not before', async () => {
    const error = `request body too large: at most ${LIMIT} bytes`;
    expect(await answers('x'.repeat(LIMIT + 1))).toMatchObject(
      everywhere({ status: 413, error, code: 'BODY_TOO_LARGE' }),
    );
    expect(await answers('x'.repeat(LIMIT))).toMatchObject(everywhere({ status: 400 }));
  });
});

describe('an answer to several mistakes', () => {
  it('names all of them at once', async () => {
    const answer = await api.post('/api/v1/allocate', { call_sid: '', merchant_id: 7, flow: 'x'.repeat(129) });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_FIELD' } });
    expect(String(answer.body['error']).split('; ')).toEqual([
      'call_sid is required',
      expect.stringMatching(/^merchant_id must be /),
      expect.stringMatching(/^flow must be /),
    ]);
  });

  it('names unknown fields with the wrong ones', async () => {
    expect((await api.post('/api/v1/drain', { pod: 'gold-0' })).body['error']).toMatch(
      /^unknown field "pod": known here: pod_name[^;]*; pod_name is required$/,
    );
    expect((await api.get('/api/v1/pods?limit=0&status=lost&tier=a%2Fb')).body['error']).toMatch(
      /^tier must be .*; status must be .*; limit must be /,
    );
  });
});

describe('POST /allocate', () => {
  it('returns 200 and changes no prototype when the body names one', async () => {
    const evil = '{"call_sid":"proto","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    expect((await api.post('/api/v1/allocate', evil)).status).toBe(200);
    await api.store.calls.release('proto');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('PUT /tier-config', () => {
  it('changes no prototype when a tier is called like one', async () => {
    await api.send(
      'PUT',
      '/api/v1/tier-config?dry_run=true',
      '{"tiers":{"__proto__":{"type":"exclusive","target":1}}}',
    );
    expect(({} as Record<string, unknown>)['target']).toBeUndefined();
  });
});
