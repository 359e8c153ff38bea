import { gzipSync } from 'node:zlib';
import { startTestApi, type TestApi } from '../testing/test-api';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

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

describe.each(JSON_ROUTES)('%s %s', (method, path) => {
  it.each([
    ['is empty', ['']],
    ['is no JSON', ['{"invalid json', '{"a":1}}', '\u0000', '{"a":NaN}', 'call_sid=CA1']],
    ['is another JSON value', ['null', '[]', '"text"', '7', 'true']],
  ])('returns 400 invalid request body that says what was expected when the body %s', async (problem, bodies) => {
    for (const body of bodies) {
      expect(await api.send(method, path, body)).toMatchObject({
        status: 400,
        body: { error: `invalid request body: it must be a JSON object, but ${problem}`, code: 'INVALID_BODY' },
      });
    }
  });

  it('returns 415 that names the encoding when the body is compressed', async () => {
    const answer = await api.send(method, path, gzipSync('{"call_sid":"zipped"}'), { 'content-encoding': 'gzip' });
    expect(answer).toMatchObject({
      status: 415,
      headers: { 'accept-encoding': 'identity' },
      body: {
        error: 'unsupported content encoding gzip: send the body as it is, not compressed',
        code: 'UNSUPPORTED_MEDIA_TYPE',
      },
    });
  });

  it('returns 400 invalid request body when there is no body', async () => {
    const answer = await api.send(method, path, undefined, { 'content-type': 'application/json' });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_BODY' } });
  });

  it('returns 413 when the body is one byte too large', async () => {
    expect(await api.send(method, path, 'x'.repeat(LIMIT + 1))).toMatchObject({
      status: 413,
      body: { error: `request body too large: at most ${LIMIT} bytes`, code: 'BODY_TOO_LARGE' },
    });
  });

  it('returns no 413 when the body is as large as it may be', async () => {
    expect((await api.send(method, path, 'x'.repeat(LIMIT))).status).toBe(400);
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
  const ofSize = (bytes: number) => {
    const frame = JSON.stringify({ call_sid: 'big', note: '' }).length;
    return JSON.stringify({ call_sid: 'big', note: 'x'.repeat(bytes - frame) });
  };

  it.each([LIMIT - 1, LIMIT])('returns 200 when the body has %p bytes', async (bytes) => {
    const body = ofSize(bytes);
    expect(Buffer.byteLength(body)).toBe(bytes);
    expect((await api.post('/api/v1/allocate', body)).status).toBe(200);
    await api.store.calls.release('big');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'nonsense'])(
    'returns 200 when JSON comes as %s',
    async (type) => {
      const { status } = await api.post('/api/v1/allocate', '{"call_sid":"typed"}', { 'content-type': type });
      await api.store.calls.release('typed');
      expect(status).toBe(200);
    },
  );

  it('returns 400 and takes nothing over when the fields are those of the prototype', async () => {
    const { status, body } = await api.post('/api/v1/allocate', '{"__proto__":{"call_sid":"evil"}}');
    expect({ status, error: body['error'] }).toEqual({ status: 400, error: 'call_sid is required' });
    expect(({} as Record<string, unknown>)['call_sid']).toBeUndefined();
  });

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
