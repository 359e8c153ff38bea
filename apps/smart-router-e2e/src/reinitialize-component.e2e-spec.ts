import {
  type AppProcess,
  type HttpReply,
  type RedisProcess,
  sendRequest,
  SHORT_LIMITS,
  startApp,
  startRedis,
  waitFor,
} from '@smart-router/testbed';
import { FLEET_ENV } from './fleet/environment';

const WRITER = 'the-secret-of-operators';
const READER = 'the-secret-of-dashboards';

interface Restarted {
  readonly code?: string;
  readonly error?: string;
  readonly component: string;
  readonly instance: string;
  readonly completed: boolean;
  readonly restarted: readonly string[];
  readonly report: { readonly status: string };
}

interface Component {
  readonly status: string;
  readonly since: string;
}

describe('an operator who starts a component anew', () => {
  let redis: RedisProcess;
  let app: AppProcess;

  beforeEach(async () => {
    redis = await startRedis();
    app = await startApp('smart-router', {
      ...FLEET_ENV,
      ...SHORT_LIMITS,
      ...{ REDIS_URL: redis.url, LEADER_ELECTION_IDENTITY: 'router-a' },
      API_KEYS: `ops:write:${WRITER},dashboard:read:${READER}`,
    });
  });

  afterEach(async () => {
    await app?.kill();
    await redis?.stop();
  });

  const get = async <Body>(path: string): Promise<Body> =>
    (await sendRequest<Body>(app.baseUrl + path, { headers: { authorization: `Bearer ${READER}` } })).body;
  const reinitialize = (name: string, secret = WRITER): Promise<HttpReply<Restarted>> =>
    sendRequest<Restarted>(`${app.baseUrl}/api/v1/admin/components/${name}/reinitialize`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}` },
    });
  const components = async (): Promise<Record<string, Component>> =>
    (await get<{ components: Record<string, Component> }>('/health/startup')).components;
  const records = async (): Promise<unknown[]> =>
    (await get<{ items: unknown[] }>('/api/v1/audit?action=component.reinitialize')).items;
  /** The port is closed while `http` is restarted. */
  const isBack = (since: string): Promise<unknown> =>
    waitFor(
      async () => {
        const { http } = await components().catch(() => ({ http: undefined }) as Record<string, Component | undefined>);
        return http?.status === 'SUCCESS' && http.since !== since;
      },
      { description: 'the port to open again', timeoutMs: 30_000 },
    );

  it('has it back with the answer, and the record names the key', async () => {
    const before = await components();
    const { status, body } = await reinitialize('tier_config');
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { instance: 'router-a', completed: true, restarted: ['tier_config'], report: { status: 'SUCCESS' } },
    });
    const after = await components();
    expect(after['tier_config']?.since).not.toBe(before['tier_config']?.since);
    expect(after['http']?.since).toBe(before['http']?.since);
    expect(await records()).toEqual([expect.objectContaining({ actor: 'ops', subject: 'tier_config' })]);
  });

  it('has a store back that was lost, with the port that was closed meanwhile', async () => {
    const { http } = await components();
    await redis.stop();
    await waitFor(async () => (await components())['store']?.status === 'DEGRADED', {
      description: 'the store to be degraded',
      timeoutMs: 30_000,
    });
    redis = await startRedis({ port: redis.port });
    const { status, body } = await reinitialize('store');
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { component: 'store', completed: false, restarted: expect.arrayContaining(['store', 'http']) },
    });
    await isBack(http?.since ?? '');
    const after = await components();
    expect(Object.values(after).map((one) => one.status)).toEqual(Object.keys(after).map(() => 'SUCCESS'));
    await waitFor(async () => (await records()).length > 0, { description: 'the record' });
    expect(await records()).toEqual([
      expect.objectContaining({
        ...{ actor: 'ops', subject: 'store', after: '{"instance":"router-a","status":"SUCCESS"}' },
      }),
    ]);
  });

  it('has the port of the answer opened again', async () => {
    const { http } = await components();
    expect(await reinitialize('http')).toMatchObject({ status: 200, body: { completed: false, restarted: ['http'] } });
    await isBack(http?.since ?? '');
    expect((await sendRequest(`${app.baseUrl}/ready`)).status).toBe(200);
  });

  it('restarts nothing with a key that may only read, or under a name that is none', async () => {
    const before = await components();
    expect(await reinitialize('http', READER)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await reinitialize('stor')).toMatchObject({
      status: 404,
      body: { code: 'COMPONENT_NOT_FOUND', error: expect.stringContaining('known here: config, store') },
    });
    expect(await components()).toEqual(before);
    expect(await records()).toEqual([]);
  });
});
