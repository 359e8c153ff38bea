import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { gauge, registry } from '@smart-router/metrics';
import { createLogger } from '@smart-router/logging';
import { activateSettings, loadSettings } from '@smart-router/settings';
import { StartupManager } from '@smart-router/startup/nest';
import { createApp } from './create-app';
import { DrainState } from './health/drain-state';
import { HealthModule } from './health/health.module';
import { ReadinessChecks } from './health/readiness-checks';

@Module({ imports: [HealthModule] })
class EmptyModule {}

let app: NestFastifyApplication;

async function start(env: Record<string, string> = {}): Promise<void> {
  const settings = loadSettings(env, 'smart-router');
  activateSettings(settings);
  app = await createApp({ module: EmptyModule }, settings, createLogger(settings, { write: () => undefined }));
}

beforeEach(() => start());

afterEach(() => app.close());

async function get(url: string): Promise<{ status: number; body: unknown }> {
  const { statusCode, body } = await app.inject({ method: 'GET', url });
  return { status: statusCode, body: JSON.parse(body) as unknown };
}

describe.each(['', '/api/v1'])('probes under "%s"', (prefix) => {
  it('answer exactly that the process lives, and that it is ready', async () => {
    expect(await get(`${prefix}/health`)).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await get(`${prefix}/ready`)).toEqual({ status: 200, body: { status: 'ready' } });
  });

  it('answer that a store cannot be reached in the words of every route', async () => {
    const outage = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1'), { code: 'STORE_UNAVAILABLE' });
    app.get(ReadinessChecks).add('store', () => Promise.reject(outage));
    expect(await get(`${prefix}/ready`)).toEqual({
      status: 503,
      body: { error: 'store unavailable', code: 'STORE_UNAVAILABLE', request_id: expect.any(String) },
    });
    expect((await get(`${prefix}/health`)).status).toBe(200);
  });

  it('name any other dependency that is not usable', async () => {
    app.get(ReadinessChecks).add('cluster', () => Promise.reject(new Error('secret address')));
    expect(await get(`${prefix}/ready`)).toMatchObject({ status: 503, body: { error: 'not ready: cluster' } });
  });

  it('answer 503 once the process is on its way out', async () => {
    app.get(DrainState).begin();
    expect(await get(`${prefix}/ready`)).toMatchObject({ status: 503, body: { code: 'SHUTTING_DOWN' } });
  });

  it('show the state of each dependency', async () => {
    app.get(ReadinessChecks).add('store', () => Promise.resolve());
    app.get(ReadinessChecks).add('cluster', () => Promise.reject(new Error('gone')));
    expect(await get(`${prefix}/health/details`)).toMatchObject({
      status: 503,
      body: { status: 'error', details: { store: { status: 'up' }, cluster: { status: 'down', code: 'FAILED' } } },
    });
    expect(JSON.stringify((await get(`${prefix}/health/details`)).body)).not.toContain('gone');
  });

  it('show whether the start is over', async () => {
    expect(await get(`${prefix}/health/startup`)).toMatchObject({ body: { initialized: false, components: {} } });
    const manager = app.get(StartupManager);
    const init = (): Promise<never> => Promise.reject(new Error('connect 10.0.0.1'));
    manager.register({ name: 'cluster', priority: 'CRITICAL', maxRetries: 0, init });
    await manager.start();
    expect(await get(`${prefix}/health/startup`)).toMatchObject({
      status: 200,
      body: {
        initialized: false,
        components: { cluster: { status: 'FAILED', priority: 'CRITICAL', error: 'FAILED' } },
        metrics: { initialized_after_ms: null, components: 2 },
      },
    });
  });

  it('serve metrics', async () => {
    const { statusCode, headers, body } = await app.inject({ method: 'GET', url: `${prefix}/metrics` });
    expect([statusCode, headers['content-type']]).toEqual([200, expect.stringContaining('text/plain')]);
    expect(body).toContain('smart_router_panics_recovered_total');
    const labels = `app="smart-router",version="0.0.0-source",node_version="${process.version}"`;
    expect(body).toContain(`smart_router_build_info{${labels}} 1`);
  });

  it('ask a dependency once, however many are sent at the same time', async () => {
    let asked = 0;
    let answer: () => void = () => undefined;
    const check = () => {
      asked += 1;
      return new Promise<void>((resolve) => (answer = resolve));
    };
    app.get(ReadinessChecks).add('store', check);
    const probes = Array.from({ length: 50 }, () => get(`${prefix}/ready`));
    await waitUntil(() => asked > 0);
    answer();
    expect(new Set((await Promise.all(probes)).map(({ status }) => status))).toEqual(new Set([200]));
    expect(asked).toBe(1);
  });
});

describe('metrics on the API port', () => {
  it('are rendered once for all who ask within a second, under either path', async () => {
    let rendered = 0;
    const counted = gauge({ name: 'test_renderings', help: 'test', collect: () => void (rendered += 1) });
    const texts = await Promise.all(
      Array.from({ length: 200 }, (_, index) => app.inject({ url: index % 2 ? '/metrics' : '/api/v1/metrics' })),
    );
    registry.removeSingleMetric('test_renderings');
    expect(counted).toBeDefined();
    expect(texts.every(({ body }) => body.includes('test_renderings'))).toBe(true);
    expect(rendered).toBe(1);
  });

  it.each(['/metrics', '/api/v1/metrics'])('are not there at %s when the settings say so', async (url) => {
    await app.close();
    await start({ METRICS_ON_API_PORT: 'false' });
    expect((await app.inject({ url })).statusCode).toBe(404);
  });
});

async function waitUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
