import { startTestApi, type TestApi } from '../testing/test-api';

describe('the pages of the documentation', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  it.each(['/docs', '/docs/', '/docs/index.html', '/docs/swagger-ui.css', '/docs/swagger-ui-init.js', '/docs-json'])(
    'return headers that confine them to this server: %s',
    async (path) => {
      const { status, headers } = await api.get(path);
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
          "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
    },
  );

  it('hold no script within the page, which their policy would stop', async () => {
    const { text } = await api.get('/docs');
    expect(text).toMatch(/<script src=/);
    expect(text).not.toMatch(/<script(?![^>]* src=)/);
    expect(text).not.toMatch(/ on[a-z]+="/);
  });

  it('are no business of the routes of calls', async () => {
    expect((await api.get('/api/v1/status')).headers).not.toHaveProperty('content-security-policy');
  });

  it.each(['/api/v1/status', '/docs', '/docs-json', '/metrics'])(
    'and all others return nothing that lets the pages of other sites read them: %s',
    async (path) => {
      const { headers } = await api.get(path, { origin: 'https://evil.example' });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    },
  );

  it('return 405 when a browser asks whether another site may send', async () => {
    const preflight = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const { status, headers } = await api.send('OPTIONS', '/api/v1/allocate', undefined, preflight);
    expect(status).toBe(405);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('without documentation', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi({ DOCS_ENABLED: 'false' });
  });
  afterAll(() => api.close());

  it.each(['/docs', '/docs/', '/docs-json', '/docs/swagger-ui.css'])('returns 404 for %s', async (path) => {
    expect((await api.get(path)).status).toBe(404);
  });
});
