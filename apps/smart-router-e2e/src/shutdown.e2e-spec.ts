import { ApiClient, type AppProcess, type RedisProcess, startApp, startRedis, waitFor } from '@smart-router/testbed';
import type { Redis } from 'ioredis';
import { FLEET_ENV } from './fleet/environment';
import { startCombined } from './fleet/fleet';
import { openKeys } from './fleet/stored-keys';
import { RawConnection } from './http/raw-connection';

/** The head of a request whose body is still to come; the server reports that it has read it. */
function allocateHead(body: string): string {
  const lines = ['Host: smart-router', 'Expect: 100-continue', `Content-Length: ${Buffer.byteLength(body)}`];
  return `POST /api/v1/allocate HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

function hasLogged(app: AppProcess, message: string): boolean {
  return app.logs.some(({ msg }) => msg === message);
}

describe('a process that is asked to end', () => {
  let redis: RedisProcess;
  let keys: Redis;
  let app: AppProcess | undefined;

  beforeAll(async () => {
    redis = await startRedis();
    keys = openKeys(redis.url);
  });

  afterEach(() => app?.kill());

  afterAll(async () => {
    keys?.disconnect();
    await redis?.stop();
  });

  it('answers all requests in flight, takes no new ones, and ends with code 0', async () => {
    const started = await startCombined({ REDIS_URL: redis.url, REQUEST_DEADLINE: '30s' });
    app = started.app;
    const bodies = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => JSON.stringify({ call_sid: `in-flight-${name}` }));
    const connections = await Promise.all(bodies.map(() => RawConnection.open(started.api.baseUrl)));
    for (const [index, connection] of connections.entries()) connection.write(allocateHead(bodies[index] ?? ''));
    const interim = await Promise.all(connections.map((connection) => connection.interim()));
    expect(interim.map(({ status }) => status)).toEqual(bodies.map(() => 100));

    const ended = started.app.stop();
    await waitFor(
      () =>
        RawConnection.open(started.api.baseUrl).then(
          (connection) => connection.close(),
          () => 'refused',
        ),
      { description: 'new connections to be refused' },
    );
    for (const [index, connection] of connections.entries()) connection.write(bodies[index] ?? '');
    const answers = await Promise.all(connections.map((connection) => connection.lastAnswer()));

    expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 200));
    expect(answers.map(({ headers }) => headers['connection'])).toEqual(bodies.map(() => 'close'));
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(await keys.exists('voice:call:in-flight-a', 'voice:call:in-flight-f')).toBe(2);
    expect(started.app.logs.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });

  it('says that it is not ready before it takes no new connections', async () => {
    const started = await startCombined({ REDIS_URL: redis.url, SHUTDOWN_DELAY: '6s' });
    app = started.app;
    const ended = started.app.stop();
    const refusal = await waitFor(
      async () => {
        const ready = await started.api.probe('/ready');
        return ready.status === 503 ? ready : null;
      },
      { description: 'readiness to become 503' },
    );
    expect(refusal.body).toMatchObject({ code: 'SHUTTING_DOWN', error: 'shutting down' });
    expect((await started.api.probe('/health')).status).toBe(200);
    const served = await started.api.allocate({ call_sid: 'while-draining' });
    expect(served.status).toBe(200);
    expect(served.headers.get('connection')).toBe('close');
    expect(await ended).toEqual({ code: 0, signal: null });
  });

  it('hands leadership over', async () => {
    const started = await startCombined({ REDIS_URL: redis.url });
    app = started.app;
    await waitFor(() => keys.exists('voice:leader'), { description: 'the leader to announce itself' });
    expect(await started.app.stop()).toEqual({ code: 0, signal: null });
    expect(await keys.exists('voice:leader')).toBe(0);
  });

  it('is not confused by being asked twice', async () => {
    const started = await startCombined({ REDIS_URL: redis.url, SHUTDOWN_DELAY: '5s' });
    app = started.app;
    const ended = started.app.stop();
    await waitFor(() => hasLogged(started.app, 'shutdown began'), { description: 'the shutdown to begin' });
    process.kill(started.app.pid, 'SIGTERM');
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(started.app.logs.filter(({ msg }) => msg === 'shutdown complete')).toHaveLength(1);
    expect(await keys.exists('voice:leader')).toBe(0);
  });

  it.each(['api', 'leader-worker'] as const)('ends with code 0 as %s', async (name) => {
    app = await startApp(name, { ...FLEET_ENV, REDIS_URL: redis.url });
    expect((await new ApiClient(app.baseUrl).probe('/ready')).status).toBe(200);
    expect(await app.stop()).toEqual({ code: 0, signal: null });
  });

  it('ends with code 0 when its Redis is gone', async () => {
    const own = await startRedis();
    const started = await startCombined({ REDIS_URL: own.url });
    app = started.app;
    await own.kill();
    await waitFor(async () => (await started.api.probe('/ready')).status === 503, {
      description: 'the outage to show',
    });
    expect(await started.app.stop()).toEqual({ code: 0, signal: null });
  });
});
