import {
  type AppProcess,
  askRedis,
  FakeSentinel,
  type Fleet,
  newFleet,
  readMetric,
  type RedisProcess,
  sendRequest,
  startRedis,
  waitFor,
} from '@smart-router/testbed';
import { allocateAtLast, POD_COUNT } from './faulty-fleet';

const LATE_MS = 400;
const REOPENS = 'smart_router_redis_reopens_total{connection="commands"}';

describe('a failover that is announced while the sentinel is asked for the master', () => {
  let redis: RedisProcess;
  let sentinel: FakeSentinel;
  let fleet: Fleet;

  beforeAll(async () => {
    redis = await startRedis();
    sentinel = await FakeSentinel.start(redis.port);
    const byName = { REDIS_MODE: 'sentinel', REDIS_URL: sentinel.url, REDIS_SENTINEL_MASTER: sentinel.masterName };
    const all = newFleet().withoutRedis().pods(POD_COUNT);
    fleet = await all
      .env({ ...byName, RECONCILE_INTERVAL: '1s' })
      .workers(1)
      .apis(1)
      .start();
  });

  afterAll(async () => {
    await fleet?.stop();
    await sentinel?.stop();
    await redis?.kill();
  });

  it('costs no process its store, whenever it comes', async () => {
    const apps = [...fleet.apis, ...fleet.workers];
    // Each process listens for itself and, where it subscribes, for its subscriptions.
    await waitFor(() => sentinel.listeners >= 3, { description: 'the sentinel to be listened to' });
    sentinel.delayMs = LATE_MS;
    for (let round = 1; round <= 3; round++) {
      const asked = sentinel.questions;
      await askRedis(redis.port, 'CLIENT KILL TYPE normal');
      await askRedis(redis.port, 'CLIENT KILL TYPE pubsub');
      await waitFor(() => sentinel.questions >= asked + 3, { description: 'all to ask for the master' });

      sentinel.announceSwitch();

      for (const { api } of apps)
        await waitFor(() => api.isReady(), { description: `${api.baseUrl} to be ready again` });
      const [api] = fleet.apis as [AppProcess];
      expect((await allocateAtLast(api, `call-${round}`)).status).toBe(200);
    }
    const reopens = await Promise.all(apps.map((app) => readMetric(app, REOPENS)));
    expect(reopens).toEqual([3, 3]);
  });
});

describe('a process that has lost its store', () => {
  let fleet: Fleet;

  beforeAll(async () => {
    const bounded = { LIVENESS_STORE_TIMEOUT: '1s' };
    fleet = await newFleet().pods(POD_COUNT).apis(1, bounded).workers(1, bounded).apis(1).start();
  });

  afterAll(() => fleet?.stop());

  const read = (url: string) => sendRequest<Record<string, unknown>>(url);

  it('says so from the first second, and asks to be restarted after the bound that is set', async () => {
    const [api, unbounded, worker] = [...fleet.apis, ...fleet.workers] as [AppProcess, AppProcess, AppProcess];
    const apps = [api, worker, unbounded];
    const killedAt = new Date().toISOString();
    await fleet.redis.kill();

    for (const { baseUrl } of apps) {
      const refused = {
        status: 503,
        body: { error: expect.stringMatching(/^store unavailable since 20\S+ \(\w+\)$/) },
      };
      await waitFor(async () => (await read(`${baseUrl}/ready`)).status === 503, { description: 'readiness to end' });
      expect(await read(`${baseUrl}/ready`)).toMatchObject(refused);
      const { body } = await read(`${baseUrl}/health/details`);
      const { store } = body['error'] as { store: { since: string; reason: string } };
      expect(store).toMatchObject({
        status: 'down',
        code: 'STORE_UNAVAILABLE',
        reason: expect.stringMatching(/^[A-Z_]+$/),
      });
      expect(store.since.localeCompare(killedAt)).toBeGreaterThanOrEqual(0);
    }
    for (const app of [api, worker]) {
      const { baseUrl, metricsUrl } = app;
      for (const url of [`${baseUrl}/health`, `${baseUrl}/api/v1/health`, `${metricsUrl}/health`]) {
        await waitFor(async () => (await read(url)).status === 503, { description: `${url} to fail` });
        expect(await read(url)).toMatchObject({ status: 503, body: { code: 'STORE_LOST' } });
      }
      const lines = () => app.logs.filter(({ msg }) => String(msg).startsWith('store lost for longer'));
      await waitFor(() => lines().length > 0, { description: 'the line of the log' });
      expect(lines()).toHaveLength(1);
    }
    expect(await read(`${unbounded.baseUrl}/health`)).toMatchObject({ status: 200, body: { status: 'ok' } });

    await fleet.restartRedis();

    for (const app of apps) await waitFor(() => app.api.isReady(), { description: 'readiness to come back' });
    expect(await read(`${api.baseUrl}/health`)).toMatchObject({ status: 200, body: { status: 'ok' } });
  });
});
