import { apiOfAllTests } from './testing/use-test-api';

const api = apiOfAllTests();

const FAILING: readonly (readonly [method: string, path: string, body: string | undefined, status: number])[] = [
  ['POST', '/api/v1/allocate', '{}', 400],
  ['GET', '/api/v1/calls?limit=0', undefined, 400],
  ['GET', '/api/v1/pod/%zz', undefined, 400],
  ['POST', '/api/v1/release', '{"call_sid":"none"}', 404],
  ['GET', '/nowhere', undefined, 404],
  ['GET', '/api/v1/nowhere', undefined, 404],
  ['GET', '/api/v1/allocate', undefined, 405],
  ['DELETE', '/api/v1/tier-config', undefined, 405],
  ['POST', '/api/v1/status', undefined, 405],
  ['PUT', '/api/v1/tier-config', '{"version":9,"tiers":{"a":{"target":1}}}', 409],
  ['POST', '/api/v1/allocate', 'x'.repeat(65_537), 413],
  ['POST', '/api/v1/reconcile', undefined, 503],
];

describe.each(FAILING)('%s %s', (method, path, body, status) => {
  it(`returns ${status} with a text, a code and the request id, and nothing else`, async () => {
    const answer = await api.send(method, path, body, { 'x-request-id': 'req-1' });
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.body).toEqual({
      error: expect.stringMatching(/^\S/),
      code: expect.stringMatching(/^[A-Z][A-Z_]+$/),
      request_id: 'req-1',
    });
    expect(answer.headers['x-request-id']).toBe('req-1');
  });
});

describe('an unexpected failure', () => {
  it('returns 500 without a word about its cause, and logs it with the request id', async () => {
    const { reader } = api.store;
    const { pod } = reader;
    Object.assign(reader, { pod: () => Promise.reject(new TypeError('secret of /etc')) });
    const { status, text, body } = await api.get('/api/v1/pod/gold-0', { 'x-request-id': 'req-2' });
    Object.assign(reader, { pod });
    expect(status).toBe(500);
    expect(body).toEqual({ error: 'internal error', code: 'INTERNAL', request_id: 'req-2' });
    expect(text).not.toContain('secret');
    expect(api.logs).toContainEqual(expect.objectContaining({ level: 'error', request_id: 'req-2' }));
    expect(api.logs).toContainEqual(expect.objectContaining({ msg: 'request', status: 500, error_code: 'INTERNAL' }));
  });
});

describe('the request id', () => {
  it('is a new one of each request when the client sends none', async () => {
    const ids = [await api.get('/health'), await api.get('/health')].map((answer) => answer.headers['x-request-id']);
    expect(new Set(ids).size).toBe(2);
    expect(ids[0]).toMatch(/^[\w-]{8,}$/);
  });

  it.each(['x'.repeat(65), 'a b', 'ü', '<x>'])('is not the one that was sent when that is %p', async (sent) => {
    const answer = await api.get('/health', { 'x-request-id': sent });
    expect(answer.headers['x-request-id']).not.toBe(sent);
  });
});
