import { StartupManager } from '@smart-router/startup/nest';
import { breakStore, startTestApi, type TestApi } from '../testing/test-api';

const OPS = { authorization: 'Bearer ops-secret-0123456789', 'x-request-id': 'request-7' };
const READER = { authorization: 'Bearer dashboard-secret-0123456789' };
const path = (name: string, query = '') => `/api/v1/admin/components/${name}/reinitialize${query}`;

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi({
    API_KEYS: 'ops:write:ops-secret-0123456789,dashboard:read:dashboard-secret-0123456789',
    LEADER_ELECTION_IDENTITY: 'router-a',
  });
});
afterEach(() => api.close());

const audit = async () =>
  (await api.get('/api/v1/audit?action=component.reinitialize', OPS)).body['items'] as Record<string, unknown>[];

describe('POST /admin/components/{name}/reinitialize', () => {
  it('returns which process restarted what, and how the component is now', async () => {
    expect(await api.post(path('tier_config'), undefined, OPS)).toMatchObject({
      status: 200,
      body: {
        component: 'tier_config',
        instance: 'router-a',
        completed: true,
        restarted: ['tier_config'],
        report: { status: 'SUCCESS', priority: 'HIGH', retries: 0, depends_on: ['store'], since: expect.any(String) },
      },
    });
  });

  it('returns all that depend on the component when there are some', async () => {
    const { body } = await api.post(path('store'), undefined, OPS);
    expect(body['restarted']).toEqual(['store', 'tier_config', 'webhook_cleanups']);
  });

  it('is recorded with who asked, and how the component was before and after', async () => {
    await api.post(path('tier_config'), undefined, OPS);
    const status = '{"instance":"router-a","status":"SUCCESS"}';
    expect(await audit()).toEqual([
      expect.objectContaining({
        ...{ action: 'component.reinitialize', actor: 'ops', subject: 'tier_config', version: null },
        ...{ before: status, after: status, request_id: 'request-7', client_address: '127.0.0.1' },
      }),
    ]);
  });

  it('is logged once, with who asked', async () => {
    await api.post(path('tier_config'), undefined, OPS);
    const lines = api.logs.filter(({ msg }) => msg === 'a component was reinitialized');
    expect(lines).toEqual([
      expect.objectContaining({ component: 'tier_config', actor: 'ops', request_id: 'request-7', status: 'SUCCESS' }),
    ]);
  });

  it('restarts, and says in the log that it was not recorded, when the store takes no record', async () => {
    breakStore(api.store);
    expect(await api.post(path('webhook_cleanups'), undefined, OPS)).toMatchObject({
      status: 200,
      body: { completed: true },
    });
    expect(api.logs).toContainEqual(
      expect.objectContaining({
        ...{ level: 'warn', msg: 'the reinitialization of a component was not recorded' },
        ...{ component: 'webhook_cleanups', actor: 'ops' },
      }),
    );
  });

  it('returns 404 with the names that there are when there is no such component', async () => {
    const { status, body } = await api.post(path('stor'), undefined, OPS);
    expect([status, body['code']]).toEqual([404, 'COMPONENT_NOT_FOUND']);
    expect(body['error']).toBe('no component is called stor: known here: config, store, tier_config, webhook_cleanups');
    expect(await audit()).toEqual([]);
  });

  it('returns 403 and restarts nothing when the key may only read', async () => {
    expect(await api.post(path('tier_config'), undefined, READER)).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN' },
    });
    expect(await audit()).toEqual([]);
  });

  it.each([
    [path('Tier-Config'), undefined, 'name must be 1 to 64 characters of a-z _'],
    [path('tier_config'), { force: true }, 'unknown field "force"'],
    [path('tier_config', '?force=1'), undefined, 'unknown query parameter "force"'],
  ])('returns 400 and restarts nothing for %s with the body %j', async (url, body, error) => {
    expect(await api.post(url, body, OPS)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_FIELD', error: expect.stringContaining(error) },
    });
    expect(await audit()).toEqual([]);
  });

  it('returns 409 when the process restarts a component already', async () => {
    const answers = await Promise.all([1, 2].map(() => api.post(path('tier_config'), undefined, OPS)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'COMPONENTS_BUSY',
      error: 'components busy: this process restarts a component already',
    });
    expect(await audit()).toHaveLength(1);
  });

  it('returns 503 when the process stops', async () => {
    await api.app.get(StartupManager, { strict: false }).shutdown();
    expect(await api.post(path('tier_config'), undefined, OPS)).toMatchObject({
      status: 503,
      body: { code: 'SHUTTING_DOWN' },
    });
  });
});
