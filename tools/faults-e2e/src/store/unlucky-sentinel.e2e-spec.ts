import {
  type AppProcess,
  askRedis,
  FakeSentinel,
  PATIENT_LIMITS,
  type RedisProcess,
  startApp,
  startRedis,
  waitFor,
} from '@smart-router/testbed';
import { allocateAtLast, POD_COUNT } from './faulty-fleet';

const LATE_MS = 400;
const PODS = Array.from({ length: POD_COUNT }, (_, index) => `voice-agent-${index}`).join(',');

const isReady = async (app: AppProcess): Promise<boolean> => (await fetch(`${app.baseUrl}/ready`)).status === 200;

describe('a failover that is announced while the sentinel is asked for the master', () => {
  let redis: RedisProcess;
  let sentinel: FakeSentinel;
  const apps: AppProcess[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    sentinel = await FakeSentinel.start(redis.port);
    for (const name of ['leader-worker', 'api'] as const) {
      apps.push(
        await startApp(name, {
          ...PATIENT_LIMITS,
          REDIS_MODE: 'sentinel',
          REDIS_URL: sentinel.url,
          REDIS_SENTINEL_MASTER: sentinel.masterName,
          STATIC_PODS: PODS,
          TIER_CONFIG: JSON.stringify({ standard: { type: 'exclusive', target: POD_COUNT } }),
          RECONCILE_INTERVAL: '1s',
        }),
      );
    }
  });

  afterAll(async () => {
    await Promise.all(apps.map((app) => app.kill()));
    await sentinel?.stop();
    await redis?.kill();
  });

  it('costs no process its store, whenever it comes', async () => {
    // Each process listens for itself and, where it subscribes, for its subscriptions.
    await waitFor(() => sentinel.listeners >= 3, { description: 'the sentinel to be listened to' });
    sentinel.delayMs = LATE_MS;
    for (let round = 1; round <= 3; round++) {
      const asked = sentinel.questions;
      await askRedis(redis.port, 'CLIENT KILL TYPE normal');
      await askRedis(redis.port, 'CLIENT KILL TYPE pubsub');
      await waitFor(() => sentinel.questions >= asked + 3, { description: 'all to ask for the master' });

      sentinel.announceSwitch();

      for (const app of apps) await waitFor(() => isReady(app), { description: `${app.baseUrl} to be ready again` });
      const [, api] = apps as [AppProcess, AppProcess];
      expect((await allocateAtLast(api, `call-${round}`)).status).toBe(200);
    }
    for (const { metricsUrl } of apps) {
      const metrics = await (await fetch(`${metricsUrl}/metrics`)).text();
      expect(Number(/^smart_router_redis_reopens_total\{connection="commands"\} (\d+)$/m.exec(metrics)?.[1])).toBe(3);
    }
  });
});

describe('a process that has lost its store', () => {
  let redis: RedisProcess;
  const apps: AppProcess[] = [];
  const start = async (name: 'api' | 'leader-worker', env: Readonly<Record<string, string>>): Promise<void> => {
    apps.push(await startApp(name, { ...PATIENT_LIMITS, REDIS_URL: redis.url, STATIC_PODS: PODS, ...env }));
  };

  beforeAll(async () => {
    redis = await startRedis();
    await start('api', { LIVENESS_STORE_TIMEOUT: '1s' });
    await start('leader-worker', { LIVENESS_STORE_TIMEOUT: '1s' });
    await start('api', {});
  });

  afterAll(async () => {
    await Promise.all(apps.map((app) => app.kill()));
    await redis?.kill();
  });

  const read = async (url: string): Promise<{ status: number; body: Record<string, unknown> }> => {
    const answer = await fetch(url);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  it('says so from the first second, and asks to be restarted after the bound that is set', async () => {
    const [api, worker, unbounded] = apps as [AppProcess, AppProcess, AppProcess];
    const killedAt = new Date().toISOString();
    await redis.kill();

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
    expect(await read(`${unbounded.baseUrl}/health`)).toEqual({ status: 200, body: { status: 'ok' } });

    redis = await startRedis({ port: redis.port });

    for (const app of apps) await waitFor(() => isReady(app), { description: 'readiness to come back' });
    expect(await read(`${api.baseUrl}/health`)).toEqual({ status: 200, body: { status: 'ok' } });
  });
});
