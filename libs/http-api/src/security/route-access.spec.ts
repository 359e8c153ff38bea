import { registry } from '@smart-router/metrics';
import { buildOpenApiDocument } from '../openapi/openapi-document';
import { type Answer, startTestApi, type TestApi } from '../testing/test-api';

const READ_SECRET = 'read-key-0123456789';
const WRITE_SECRET = 'write-key-0123456789';
const KEYS = `dashboard:read:${READ_SECRET},agents:write:${WRITE_SECRET}`;

type Access = 'open' | 'read' | 'write';

/** The rule of every route. A route that is missing here, or one too many, fails the test. */
const RULES: Readonly<Record<string, Access>> = {
  'POST /api/v1/allocate': 'write',
  'POST /api/v1/release': 'write',
  'POST /api/v1/drain': 'write',
  'POST /api/v1/undrain': 'write',
  'GET /api/v1/status': 'read',
  'GET /api/v1/pods': 'read',
  'GET /api/v1/pod/:pod_name': 'read',
  'GET /api/v1/pods/:pod_name': 'read',
  'GET /api/v1/pod/:pod_name/drained': 'read',
  'GET /api/v1/calls': 'read',
  'GET /api/v1/calls/:call_sid': 'read',
  'POST /api/v1/calls/:call_sid/heartbeat': 'write',
  'GET /api/v1/merchants': 'read',
  'GET /api/v1/merchants/export': 'read',
  'GET /api/v1/merchants/:merchant_id': 'read',
  'GET /api/v1/merchants/:merchant_id/versions': 'read',
  'GET /api/v1/merchants/:merchant_id/versions/:version': 'read',
  'POST /api/v1/merchants/:merchant_id/rollback': 'write',
  'PUT /api/v1/merchants/:merchant_id': 'write',
  'DELETE /api/v1/merchants/:merchant_id': 'write',
  'GET /api/v1/tier-config': 'read',
  'PUT /api/v1/tier-config': 'write',
  'GET /api/v1/tier-config/versions': 'read',
  'GET /api/v1/tier-config/versions/:version': 'read',
  'POST /api/v1/tier-config/rollback': 'write',
  'POST /api/v1/reconcile': 'write',
  'GET /api/v1/audit': 'read',
  'POST /api/v1/admin/components/:name/reinitialize': 'write',
  // Verified by the secret of the provider.
  'GET /api/v1/:provider/allocate': 'open',
  'POST /api/v1/:provider/allocate': 'open',
  'GET /api/v1/:provider/status': 'open',
  'POST /api/v1/:provider/status': 'open',
  'GET /agent/voice/breeze-buddy/:provider/callback': 'open',
  'POST /agent/voice/breeze-buddy/:provider/callback': 'open',
  'GET /agent/voice/breeze-buddy/:provider/callback/status': 'open',
  'POST /agent/voice/breeze-buddy/:provider/callback/status': 'open',
  'GET /agent/voice/breeze-buddy/:provider/callback/details': 'open',
  'POST /agent/voice/breeze-buddy/:provider/callback/details': 'open',
  'GET /agent/voice/breeze-buddy/:provider/callback/:template': 'open',
  'POST /agent/voice/breeze-buddy/:provider/callback/:template': 'open',
  // Probes and scrapers.
  ...Object.fromEntries(
    ['', '/api/v1'].flatMap((prefix) =>
      ['health', 'health/startup', 'health/details', 'ready', 'metrics'].map((path) => [
        `GET ${prefix}/${path}`,
        'open' as const,
      ]),
    ),
  ),
  // The documentation, unless DOCS_ENABLED is false.
  'GET /docs': 'open',
  'GET /docs/': 'open',
  'GET /docs/*': 'open',
  'GET /docs/index.html': 'open',
  'GET /docs/LICENSE': 'open',
  'GET /docs/swagger-ui-init.js': 'open',
  'GET /docs/docs/swagger-ui-init.js': 'open',
  'GET /docs-json': 'open',
};

const ROUTES = Object.entries(RULES).map(([route, access]) => {
  const [method = '', path = ''] = route.split(' ');
  return { route, access, method, url: path.replace(':provider', 'exotel').replace(/:\w+|\*/g, 'x') };
});

let api: TestApi;
const served = new Set<string>();
beforeAll(async () => {
  api = await startTestApi({ API_KEYS: KEYS }, { onRoute: (method, url) => served.add(`${method} ${url}`) });
  // The last routes are registered when the server gets ready, which the first request waits for.
  await api.get('/health');
});
afterAll(() => api.close());

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const isRefusal = ({ status, body }: Answer) => [401, 403].includes(status) && 'code' in body;

describe('the rules of the routes', () => {
  it('name every route of the server, and none that does not exist', () => {
    const routes = [...served].filter((route) => !route.startsWith('HEAD '));
    expect(routes.sort()).toEqual(Object.keys(RULES).sort());
  });

  it('stand in the OpenAPI document', () => {
    const document = buildOpenApiDocument(api.app);
    const keys = { open: [], read: [{ apiKey: [] }], write: [{ apiKey: [] }] };
    type Described = { security?: unknown; responses: object; 'x-required-scope'?: string };
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, Described>).map(([method, operation]) => {
        const pattern = path.replace(/\{(\w+)\}/g, ':$1').replace(/\/(twilio|plivo|exotel)\//, '/:provider/');
        const { security, responses, 'x-required-scope': scope } = operation;
        return { route: `${method.toUpperCase()} ${pattern}`, security, scope, statuses: Object.keys(responses) };
      }),
    );
    const rules = described.map(({ route }) => [route, RULES[route] ?? 'open'] as const);
    expect(described.map(({ route, security }) => [route, security])).toEqual(
      rules.map(([route, access]) => [route, keys[access]]),
    );
    expect(described.map(({ route, scope }) => [route, scope ?? 'open'])).toEqual(rules);
    const guarded = described.filter(({ scope }) => scope !== undefined);
    expect(guarded.filter(({ statuses }) => !statuses.includes('401'))).toEqual([]);
    expect(Object.keys(document.components?.securitySchemes ?? {})).toEqual(['apiKey']);
  });
});

/** What the routes answer to these credentials that do not let them through, with the name of each. */
async function refusals(headers: Record<string, string>) {
  const found = [];
  for (const { route, method, url } of ROUTES) {
    const answer = await api.send(method, url, undefined, headers);
    if (!isRefusal(answer)) continue;
    const { status, body } = answer;
    expect(body['request_id']).toBe(answer.headers['x-request-id']);
    found.push({ route, status, ...body, challenge: answer.headers['www-authenticate'] });
  }
  return found;
}

const routesWith = (...rules: Access[]) => ROUTES.filter(({ access }) => rules.includes(access));

describe('every route', () => {
  it.each<[string, Record<string, string>]>([
    ['no key', {}],
    ['an unknown key', bearer('unknown-key-0123456789')],
    ['credentials of another kind', { authorization: `Basic ${WRITE_SECRET}` }],
  ])('is refused with 401 unless it is open when there is %s', async (_case, headers) => {
    const expected = {
      ...{ status: 401, code: 'UNAUTHORIZED' },
      error: expect.stringMatching(/^unauthorized: .*header "?Authorization/),
      challenge: expect.stringMatching(/^Bearer realm="smart-router"/),
    };
    expect(await refusals(headers)).toMatchObject(
      routesWith('read', 'write').map(({ route }) => ({ route, ...expected })),
    );
  });

  it('is refused with 403 when it changes something and the key may only read', async () => {
    const expected = {
      ...{ status: 403, code: 'FORBIDDEN' },
      error: expect.stringMatching(/^forbidden: this needs an API key of scope write/),
      challenge: expect.stringContaining('error="insufficient_scope", scope="write"'),
    };
    expect(await refusals(bearer(READ_SECRET))).toMatchObject(
      routesWith('write').map(({ route }) => ({ route, ...expected })),
    );
  });

  it('is let through when the key may write', async () => {
    expect(await refusals(bearer(WRITE_SECRET))).toEqual([]);
  });

  it('has the same rule for HEAD', async () => {
    for (const { route, method, url, access } of ROUTES) {
      if (method !== 'GET') continue;
      const { status } = await api.send('HEAD', url);
      expect([route, status === 401]).toEqual([route, access !== 'open']);
    }
  });
});

describe('a request that is refused', () => {
  it('is answered before its body is looked at', async () => {
    const tooLarge = 'x'.repeat(100_000);
    expect((await api.post('/api/v1/allocate', tooLarge)).status).toBe(401);
    expect((await api.post('/api/v1/allocate', tooLarge, bearer(WRITE_SECRET))).status).toBe(413);
  });

  it('changes nothing', async () => {
    await api.post('/api/v1/allocate', { call_sid: 'refused-1' });
    await api.post('/api/v1/allocate', { call_sid: 'refused-1' }, bearer(READ_SECRET));
    expect((await api.store.reader.calls({ limit: 10 })).items).toEqual([]);
  });

  it.each([
    '/api/v1//allocate',
    '/API/V1/ALLOCATE',
    '/api/v1/allocate/',
    '/api/v1/%61llocate',
    '/health/../api/v1/allocate',
    '/docs/../api/v1/allocate',
    '/api/v1/allocate;x',
    '/api/v1/allocate?x=/health',
  ])('takes no pod under another spelling of its path: %s', async (path) => {
    const { status } = await api.post(path, { call_sid: 'spelled-1' });
    expect([401, 404, 405]).toContain(status);
    expect((await api.store.reader.calls({ limit: 10 })).items).toEqual([]);
  });

  it('counts, by the reason', async () => {
    const value = async (reason: string) => {
      const line = new RegExp(`^smart_router_api_refusals_total\\{reason="${reason}"\\} (\\d+)$`, 'm');
      return Number(line.exec(await registry.metrics())?.[1] ?? 0);
    };
    const reasons = ['missing_key', 'unknown_key', 'scope_too_small'];
    const before = await Promise.all(reasons.map(value));
    await api.get('/api/v1/status');
    await api.get('/api/v1/status', bearer('unknown-key-0123456789'));
    await api.post('/api/v1/reconcile', undefined, bearer(READ_SECRET));
    expect(await Promise.all(reasons.map(value))).toEqual(before.map((count) => count + 1));
  });
});

describe('the line of a request', () => {
  const lineOf = (id: string) => api.logs.find((line) => line['request_id'] === id);

  it('has the name of the key, and never its secret', async () => {
    await api.get('/api/v1/status', { ...bearer(READ_SECRET), 'x-request-id': 'named-1' });
    await api.post('/api/v1/reconcile', undefined, { ...bearer(READ_SECRET), 'x-request-id': 'named-2' });
    await api.get('/api/v1/status', { ...bearer('unknown-key-0123456789'), 'x-request-id': 'named-3' });
    expect(lineOf('named-1')).toMatchObject({ api_key: 'dashboard', status: 200 });
    expect(lineOf('named-2')).toMatchObject({ api_key: 'dashboard', status: 403, refusal: 'scope_too_small' });
    expect(lineOf('named-3')).toMatchObject({ status: 401, error_code: 'UNAUTHORIZED', refusal: 'unknown_key' });
    expect(lineOf('named-3')).not.toHaveProperty('api_key');
    expect(JSON.stringify(api.logs)).not.toMatch(/-key-0123456789/);
  });
});

describe('the API without keys', () => {
  const WARNING = /THE API IS OPEN/;
  const enabled = async () => /smart_router_api_authentication_enabled (\d)/.exec(await registry.metrics())?.[1];

  it('is open, says so once at the start and shows it as a metric', async () => {
    const open = await startTestApi();
    const answers = await Promise.all([open.get('/api/v1/status'), open.post('/api/v1/allocate', { call_sid: 'c' })]);
    const shown = await enabled();
    await open.close();
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(open.logs.filter(({ level, msg }) => level === 'warn' && WARNING.test(String(msg)))).toHaveLength(1);
    expect(shown).toBe('0');
  });

  it('is not what it is with keys', async () => {
    const closed = await startTestApi({ API_KEYS: KEYS });
    await closed.get('/health');
    const shown = await enabled();
    await closed.close();
    expect(closed.logs.filter(({ msg }) => WARNING.test(String(msg)))).toEqual([]);
    expect(shown).toBe('1');
  });
});
