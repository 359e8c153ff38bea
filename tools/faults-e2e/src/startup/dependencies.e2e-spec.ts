import { freePort, PATIENT_LIMITS, type RedisProcess, startRedis, waitFor } from '@smart-router/testbed';
import { StartupScenario } from './startup-scenario';

/** In the test profile it is asked every half second whether the store works. */
const HELD_CONNECTION = { REDIS_START_TIMEOUT: '60s', HTTP_SHUTDOWN_TIMEOUT: '5s' };

describe('a start that needs other services', () => {
  let app: StartupScenario | null = null;
  let redis: RedisProcess | null = null;

  afterEach(async () => {
    await app?.process.kill();
    redis?.resume();
    await redis?.kill();
    redis = null;
  });

  const startOn = async (url: string, env = {}): Promise<StartupScenario> => {
    app = await StartupScenario.of({ env: { REDIS_URL: url, STATIC_PODS: 'voice-agent-0', ...env } });
    return app;
  };

  it('gives up where the store is missing, names it, and shows what has failed', async () => {
    const port = await freePort();
    const start = await startOn(`redis://127.0.0.1:${port}`);
    const reason = expect.stringContaining(`redis://127.0.0.1:${port}`);
    expect(await start.reason()).toMatchObject({ code: 'REDIS_UNREACHABLE', reason });
    const [report] = start.logged('startup report');
    expect(report).toMatchObject({
      startup: { initialized: false, components: { store: { status: 'FAILED' }, http: { status: 'STOPPED' } } },
    });
  });

  it('gives up where the store does not answer in time', async () => {
    redis = await startRedis();
    redis.pause();
    const start = await startOn(redis.url);
    expect(await start.reason()).toMatchObject({ code: 'REDIS_UNREACHABLE' });
  });

  it('waits for a store that comes late, and opens its port after it', async () => {
    const port = await freePort();
    const start = await startOn(`redis://127.0.0.1:${port}`, {
      ...HELD_CONNECTION,
      // It asks seldom whether the store works: what comes after the start is not seen here.
      STARTUP_PROFILE: 'production',
    });
    await waitFor(() => start.text.includes('ECONNREFUSED'), { timeoutMs: 30_000, description: 'a first refusal' });
    await expect(start.api.probe('/health')).rejects.toThrow();
    redis = await startRedis({ port });
    await start.ready();
    const { store, leader_work: leaderController, http } = await start.components();
    const times = [store, leaderController, http].map((one) => Date.parse(one?.since ?? ''));
    expect(times).toEqual([...times].sort((one, other) => one - other));
  });

  it('logs once that the store is lost while it runs, and once that it is back', async () => {
    redis = await startRedis();
    const { port } = redis;
    const start = await startOn(redis.url, { ...HELD_CONNECTION, ...PATIENT_LIMITS });
    await start.ready();
    await redis.kill();
    expect(await start.becomes('store', 'DEGRADED')).toHaveProperty('error');
    redis = await startRedis({ port });
    await start.becomes('store', 'SUCCESS');
    const ofStore = async (message: string) =>
      (await start.allLogged(message)).filter(({ component }) => component === 'store');
    expect([await ofStore('a component is lost'), await ofStore('a component is back')]).toEqual([
      [expect.objectContaining({ priority: 'CRITICAL' })],
      [expect.objectContaining({ status: 'SUCCESS' })],
    ]);
  });
});
