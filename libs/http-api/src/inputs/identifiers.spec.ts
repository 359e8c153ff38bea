import fc from 'fast-check';
import { startTestApi, type TestApi } from '../testing/test-api';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

type Send = (identifier: string) => ReturnType<TestApi['get']>;

/** Every place that takes an identifier, with the status of a good one that names nothing. */
const PLACES: readonly (readonly [place: string, field: string, good: number, send: Send])[] = [
  ['allocate call_sid', 'call_sid', 200, (id) => release(id, api.post('/api/v1/allocate', { call_sid: id }))],
  ['allocate merchant_id', 'merchant_id', 200, (id) => allocateFor(id)],
  ['release call_sid', 'call_sid', 404, (id) => api.post('/api/v1/release', { call_sid: id })],
  ['drain pod_name', 'pod_name', 404, (id) => api.post('/api/v1/drain', { pod_name: id })],
  ['undrain pod_name', 'pod_name', 404, (id) => api.post('/api/v1/undrain', { pod_name: id })],
  ['GET pod', 'pod_name', 404, (id) => api.get(`/api/v1/pod/${encodeURIComponent(id)}`)],
  ['GET call', 'call_sid', 404, (id) => api.get(`/api/v1/calls/${encodeURIComponent(id)}`)],
  ['heartbeat', 'call_sid', 404, (id) => api.post(`/api/v1/calls/${encodeURIComponent(id)}/heartbeat`)],
  ['GET merchant', 'merchant_id', 404, (id) => api.get(`/api/v1/merchants/${encodeURIComponent(id)}`)],
  ['PUT merchant', 'merchant_id', 200, (id) => api.put(`/api/v1/merchants/${encodeURIComponent(id)}`, {})],
  ['DELETE merchant', 'merchant_id', 404, (id) => api.delete(`/api/v1/merchants/${encodeURIComponent(id)}`)],
  ['merchant filter', 'merchant', 200, (id) => api.get(`/api/v1/calls?merchant=${encodeURIComponent(id)}`)],
];

async function release<T>(callSid: string, answer: Promise<T>): Promise<T> {
  const result = await answer;
  await api.store.calls.release(callSid);
  return result;
}

function allocateFor(merchant_id: string) {
  return release('call-1', api.post('/api/v1/allocate', { call_sid: 'call-1', merchant_id }));
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:~-';

const RULE = /must be (empty or )?1 to 128 characters of A-Z a-z 0-9 \. _ : ~ -, not \. or \.\.(, and not export)?$/;

describe.each(PLACES)('the identifier of %s', (_place, field, good, send) => {
  it.each(['x', ALPHABET.slice(0, 64), 'x'.repeat(127), 'x'.repeat(128), ALPHABET.slice(-8), '...'])(
    'returns no 400 when it is %p',
    async (identifier) => {
      const { status } = await send(identifier);
      // An earlier example may have stored the merchant.
      expect([good, 200]).toContain(status);
    },
  );

  it.each(['x'.repeat(129), 'x'.repeat(5000), 'a b', 'a/b', 'a%b', '../x', 'a\u0000b', 'a\nb', 'a*', '{a}', 'é', '😀'])(
    'returns 400 that names the field when it is %p',
    async (identifier) => {
      const { status, body } = await send(identifier);
      expect({ status, code: body['code'] }).toEqual({ status: 400, code: 'INVALID_FIELD' });
      expect(body['error']).toMatch(RULE);
      expect(String(body['error']).split(' ')[0]).toBe(field);
    },
  );

  it('returns 400 when it is any text with a character outside of the alphabet', async () => {
    const outside = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 20 })
      .filter((text) => [...text].some((character) => !ALPHABET.includes(character)));
    await fc.assert(
      fc.asyncProperty(outside, async (identifier) => {
        expect((await send(identifier)).status).toBe(400);
      }),
      { numRuns: 50 },
    );
  });
});

const BODY_FIELDS = [
  ['/api/v1/allocate', 'call_sid'],
  ['/api/v1/release', 'call_sid'],
  ['/api/v1/drain', 'pod_name'],
  ['/api/v1/undrain', 'pod_name'],
] as const;

describe.each(BODY_FIELDS)('POST %s', (path, field) => {
  it.each([{}, { [field]: '' }, { [field]: null }])(
    `returns 400 that ${field} is required when the body is %p`,
    async (body) => {
      expect(await api.post(path, body)).toMatchObject({
        status: 400,
        body: { error: `${field} is required`, code: 'INVALID_FIELD' },
      });
    },
  );

  it.each([7, true, [], ['a'], { a: 1 }])(`returns 400 when ${field} is %p`, async (value) => {
    const { status, body } = await api.post(path, { [field]: value });
    expect(status).toBe(400);
    expect(body['error']).toMatch(RULE);
  });
});

describe('. and ..', () => {
  // In a path the client resolves them before it sends anything.
  const inBodiesAndQueries = PLACES.filter(([place]) => !/^(GET|PUT|DELETE|heartbeat)/.test(place));

  it.each(inBodiesAndQueries)('are no identifiers as %s', async (_place, field, _good, send) => {
    for (const step of ['.', '..']) {
      const { status, body } = await send(step);
      expect({ status, error: body['error'] }).toEqual({ status: 400, error: expect.stringMatching(RULE) });
      expect(String(body['error']).split(' ')[0]).toBe(field);
    }
  });

  it.each(['provider', 'flow', 'template'])(
    'are no %s of a call, where they would lead elsewhere in its URL',
    async (field) => {
      const send = (text: string) => api.post('/api/v1/allocate', { call_sid: 'step-1', [field]: text });
      expect([(await send('.')).status, (await send('..')).status, (await send('...')).status]).toEqual([
        400, 400, 200,
      ]);
      await api.store.calls.release('step-1');
    },
  );

  it.each(['.', '..'])('%s is the name of no tier and no pool', async (name) => {
    expect((await api.put('/api/v1/merchants/x', { pool: name })).status).toBe(422);
    expect((await api.put('/api/v1/tier-config?dry_run=true', { [name]: 1, gold: 1 })).status).toBe(422);
    expect((await api.get(`/api/v1/pods?tier=${name}`)).status).toBe(400);
  });
});

describe('merchant_id in a body', () => {
  it.each([7, true, [], {}])('returns 400 when it is %p', async (merchant_id) => {
    const { status, body } = await api.post('/api/v1/allocate', { call_sid: 'call-1', merchant_id });
    expect({ status, field: String(body['error']).split(' ')[0] }).toEqual({ status: 400, field: 'merchant_id' });
  });
});
