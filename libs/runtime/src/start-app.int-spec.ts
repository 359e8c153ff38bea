import { connect, createServer, type Server } from 'node:net';
import { Agent, get } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { bundleFixture, FixtureProcess } from './testing/fixture-process';

/** An answer that is still to come when the shutdown has begun, also where the machine stands still in between. */
const SLOW_MS = 5_000;

let file: string;
let running: FixtureProcess[] = [];

function run(options: ConstructorParameters<typeof FixtureProcess>[1] = {}): FixtureProcess {
  const fixture = new FixtureProcess(file, options);
  running.push(fixture);
  return fixture;
}

async function json(url: string, init?: RequestInit): Promise<{ status: number; body: unknown; headers: Headers }> {
  const response = await fetch(url, init);
  return { status: response.status, body: await response.json(), headers: response.headers };
}

beforeAll(() => {
  file = bundleFixture();
});

afterEach(() => {
  running.forEach((fixture) => fixture.kill());
  running = [];
});

describe('the command line', () => {
  it('shows the usage instead of starting, also where nobody reads it to its end', async () => {
    const fixture = run({ args: ['--help'] });
    expect(await fixture.exitCode()).toBe(0);
    expect(fixture.stdout).toContain('docs/configuration.md');
    const unread = run({ args: ['--help'] });
    unread.child.stdout?.destroy();
    expect(await unread.exitCode()).toBe(0);
  });

  it('ends the process with 2 and one line when an argument is unknown, whatever the settings', async () => {
    const fixture = run({ args: ['--port=80'], env: { HTTP_PORT: 'wrong' } });
    expect(await fixture.exitCode()).toBe(2);
    expect([fixture.stdout, fixture.stderr]).toEqual(['', 'unknown argument "--port=80": see --help\n']);
  });
});

describe('a started application', () => {
  it('warns of a variable that resembles a setting, once', async () => {
    const fixture = run({ env: { REDIS_ULR: 'redis://secret@localhost', REDIS_PORT: 'tcp://10.0.0.1:6379' } });
    await fixture.ready();
    const warnings = fixture.lines().filter((line) => String(line['msg']).includes('is no setting'));
    expect(warnings).toMatchObject([{ level: 'warn', msg: 'REDIS_ULR is no setting; did you mean REDIS_URL?' }]);
    expect(fixture.stdout).not.toContain('secret');
  });

  it.each(['', '/api/v1'])('answers the probes under "%s"', async (prefix) => {
    const { api } = await run().ready();
    expect(await json(`${api}${prefix}/health`)).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await json(`${api}${prefix}/ready`)).toMatchObject({ status: 200, body: { status: 'ready' } });
  });

  it('reports which components were started', async () => {
    const { api } = await run().ready();
    const { body } = await json(`${api}/health/startup`);
    const started = { status: 'SUCCESS', duration_ms: expect.any(Number), retries: 0, since: expect.any(String) };
    expect(body).toEqual({
      initialized: true,
      components: {
        config: { ...started, priority: 'CRITICAL', depends_on: [] },
        store: { ...started, priority: 'CRITICAL', depends_on: [] },
        metrics_server: { ...started, priority: 'LOW', depends_on: ['config'] },
        http: { ...started, priority: 'CRITICAL', depends_on: ['config', 'store'] },
      },
      metrics: {
        initialized_after_ms: expect.any(Number),
        ...{ components: 4, started: 4, degraded: 0, blocked: 0, retries: 0 },
      },
    });
  });

  it('reports the details of every check', async () => {
    const { api } = await run().ready();
    expect(await json(`${api}/api/v1/health/details`)).toMatchObject({
      status: 200,
      body: { status: 'ok', details: { fixture: { status: 'up' } } },
    });
  });

  it('serves metrics and liveness on the metrics port, and nothing else', async () => {
    const { metrics } = await run().ready();
    expect(await json(`${metrics}/health`)).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await (await fetch(`${metrics}/metrics`)).text()).toContain('process_cpu_seconds_total');
    expect((await json(`${metrics}/ready`)).status).toBe(404);
  });

  it('serves its metrics on the main port with the pattern of a route as label', async () => {
    const { api } = await run().ready();
    await fetch(`${api}/api/v1/fixture/slow/1`);
    const text = await (await fetch(`${api}/metrics`)).text();
    expect(text).toContain('http_requests_total{method="GET",route="/api/v1/fixture/slow/:ms",status="200"} 1');
  });

  it('answers a POST with 200', async () => {
    const { api } = await run().ready();
    expect((await json(`${api}/api/v1/fixture/created`, { method: 'POST' })).status).toBe(200);
  });

  it('answers 503 where a check hangs, for readiness and for the details', async () => {
    // The check is given up long before the request is.
    const { api } = await run({ fault: 'hanging-check', env: { REQUEST_DEADLINE: '15s' } }).ready();
    expect(await json(`${api}/ready`)).toMatchObject({
      status: 503,
      body: { code: 'NOT_READY', error: 'not ready: fixture' },
    });
    expect(await json(`${api}/health/details`)).toMatchObject({ status: 503, body: { status: 'error' } });
    expect((await json(`${api}/health`)).status).toBe(200);
  });
});

describe('a component that is started anew', () => {
  it.each(['config', 'store', 'http'])('lets %s serve on, with the API behind it', async (component) => {
    const fixture = run();
    const { api } = await fixture.ready();
    await fetch(`${api}/api/v1/fixture/reinitialize/${component}`, { method: 'POST' });
    await fixture.line('started anew');
    expect(await json(`${api}/ready`)).toMatchObject({ status: 200 });
    const { headers } = await json(`${api}/api/v1/fixture/slow/1`);
    expect(headers.get('connection')).not.toBe('close');
  });
});

describe('what never becomes a request', () => {
  async function answerTo(bytes: string): Promise<string> {
    const { api } = await run().ready();
    const socket = connect(Number(new URL(api).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (data: Buffer) => (answer += data.toString()));
    socket.write(bytes);
    await once(socket, 'close');
    return answer;
  }

  it.each([
    ['no HTTP', 'HELLO\r\n\r\n', '400 Bad Request', 'INVALID_REQUEST'],
    ['an unknown method', 'FETCH / HTTP/1.1\r\nHost: a\r\n\r\n', '400 Bad Request', 'INVALID_REQUEST'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na',
      '400 Bad Request',
      'INVALID_REQUEST',
    ],
    [
      'too large headers',
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      '431 Request Header Fields Too Large',
      'HEADERS_TOO_LARGE',
    ],
  ])('answers %s with an error body and a request id', async (_name, bytes, status, code) => {
    const [head = '', body = ''] = (await answerTo(bytes)).split('\r\n\r\n');
    expect(head).toContain(`HTTP/1.1 ${status}`);
    const error = JSON.parse(body) as Record<string, string>;
    expect(error).toEqual({ error: expect.any(String), code, request_id: expect.any(String) });
    expect(head).toContain(`X-Request-ID: ${error['request_id']}`);
  });
});

describe('a start that fails', () => {
  it('lists all mistakes of the settings and exits with 1', async () => {
    const fixture = run({ env: { HTTP_PORT: 'web', LOG_LEVEL: 'loud' } });
    expect(await fixture.exitCode()).toBe(1);
    expect(fixture.stderr).toContain('HTTP_PORT must be');
    expect(fixture.stderr).toContain('LOG_LEVEL must be');
  });

  it('names a variable that resembles a setting where the settings are refused, too', async () => {
    const fixture = run({ env: { REDIS_ULR: 'redis://secret@localhost', HTTP_PORT: 'x' } });
    expect(await fixture.exitCode()).toBe(1);
    expect(fixture.stderr).toContain('REDIS_ULR is no setting; did you mean REDIS_URL?\n');
    expect(fixture.stderr).not.toContain('secret');
  });

  it('says once why a component could not be started and exits with 1', async () => {
    const fixture = run({ fault: 'no-store' });
    expect(await fixture.exitCode()).toBe(1);
    const failures = fixture.lines().filter((line) => line['level'] === 'fatal' || line['level'] === 'error');
    expect(failures).toEqual([
      expect.objectContaining({
        msg: 'start failed',
        err: expect.objectContaining({ message: 'no store within 30s' }),
      }),
    ]);
  });

  describe('with a taken port', () => {
    let taken: Server;
    let port: string;

    beforeEach(async () => {
      taken = createServer().listen(0, '127.0.0.1');
      await once(taken, 'listening');
      port = String((taken.address() as AddressInfo).port);
    });

    afterEach(() => {
      taken.close();
    });

    it('names the port and HTTP_PORT and exits with 1', async () => {
      const fixture = run({ env: { HTTP_PORT: port } });
      expect(await fixture.exitCode()).toBe(1);
      const line = await fixture.line('start failed');
      expect(line).toMatchObject({ code: 'PORT_UNAVAILABLE', reason: expect.stringContaining(`port ${port}`) });
      expect(line['reason']).toContain('HTTP_PORT');
    });

    it('serves without its metrics port, and takes it once it is free', async () => {
      const fixture = run({ env: { METRICS_PORT: port, STARTUP_PROFILE: 'test' } });
      const { api } = await fixture.ready();
      const line = await fixture.line('a component is degraded, serving without it');
      expect(line).toMatchObject({ component: 'metrics_server', priority: 'LOW' });
      taken.close();
      await fixture.line('a component is back');
      expect((await json(`http://127.0.0.1:${port}/health`)).status).toBe(200);
      expect(await json(`${api}/health/startup`)).toMatchObject({
        body: { components: { metrics_server: { status: 'SUCCESS' } } },
      });
    });
  });
});

describe('the end of the process', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)('exits with 0 on %s', async (signal) => {
    const fixture = run();
    await fixture.ready();
    fixture.child.kill(signal);
    expect(await fixture.exitCode()).toBe(0);
    expect(fixture.lines().at(-1)).toMatchObject({ msg: 'shutdown complete' });
  });

  it('exits with 0 on SIGTERM during the start', async () => {
    const fixture = run({ fault: 'slow-store', env: { LOG_LEVEL: 'debug' } });
    await fixture.line('framework');
    fixture.child.kill('SIGTERM');
    expect(await fixture.exitCode()).toBe(0);
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
    'finishes a request in flight on %s, and says that the connection ends',
    async (signal) => {
      const fixture = run({ env: { REQUEST_DEADLINE: '30s' } });
      const { api } = await fixture.ready();
      const answer = json(`${api}/api/v1/fixture/slow/${SLOW_MS}`);
      await json(`${api}/api/v1/fixture/slow/1`);
      fixture.child.kill(signal);
      await fixture.line('shutdown began');
      const { status, headers } = await answer;
      expect([status, headers.get('connection')]).toEqual([200, 'close']);
      expect(await fixture.exitCode()).toBe(0);
    },
  );

  it('does not wait for idle kept connections', async () => {
    const fixture = run();
    const { api } = await fixture.ready();
    const agent = new Agent({ keepAlive: true });
    const [response] = await once(get(`${api}/health`, { agent }), 'response');
    response.resume();
    await once(response, 'end');
    fixture.child.kill('SIGTERM');
    expect(await fixture.exitCode()).toBe(0);
    agent.destroy();
  });

  it('turns readiness to 503 before connections end, while calls are still taken', async () => {
    const fixture = run({ env: { SHUTDOWN_DELAY: '20s' } });
    const { api } = await fixture.ready();
    fixture.child.kill('SIGTERM');
    await fixture.line('shutdown began');
    expect(await json(`${api}/ready`)).toMatchObject({ status: 503, body: { code: 'SHUTTING_DOWN' } });
    expect((await json(`${api}/health`)).status).toBe(200);
    expect((await json(`${api}/api/v1/fixture/created`, { method: 'POST' })).status).toBe(200);
  });

  it.each([
    ['nothing', ''],
    ['half a request', 'POST /api/v1/fixture/created HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf'],
  ])('cuts a connection on which a client sent %s, and exits with 0', async (_, bytes) => {
    const fixture = run({ env: { HTTP_SHUTDOWN_TIMEOUT: '10s' } });
    const { api } = await fixture.ready();
    const socket = connect(Number(new URL(api).port), '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    if (bytes) socket.write(bytes);
    await json(`${api}/health`);
    fixture.child.kill('SIGTERM');
    expect(await fixture.exitCode()).toBe(0);
    socket.destroy();
  });

  it('continues the shutdown when asked a second time', async () => {
    const fixture = run({ env: { REQUEST_DEADLINE: '30s' } });
    const { api } = await fixture.ready();
    const answer = fetch(`${api}/api/v1/fixture/slow/${SLOW_MS}`);
    await json(`${api}/api/v1/fixture/slow/1`);
    fixture.child.kill('SIGTERM');
    await fixture.line('shutdown began');
    fixture.child.kill('SIGTERM');
    await fixture.line('shutdown is under way already');
    expect((await answer).status).toBe(200);
    expect(await fixture.exitCode()).toBe(0);
  });

  it('exits with 1 when the shutdown takes too long', async () => {
    const fixture = run({ fault: 'hanging-shutdown', env: { HTTP_SHUTDOWN_TIMEOUT: '300ms' } });
    await fixture.ready();
    fixture.child.kill('SIGTERM');
    expect(await fixture.exitCode()).toBe(1);
    expect(fixture.lines().at(-1)).toMatchObject({ msg: 'shutdown took too long' });
  });

  it.each(['crash', 'reject'])('logs an error that nobody caught once and exits with 1 (%s)', async (path) => {
    const fixture = run();
    const { api } = await fixture.ready();
    await fetch(`${api}/api/v1/fixture/${path}`, { method: 'POST' }).catch(() => undefined);
    expect(await fixture.exitCode()).toBe(1);
    expect(fixture.lines().filter((line) => line['level'] === 'fatal')).toEqual([
      expect.objectContaining({
        msg: 'uncaught error',
        err: expect.objectContaining({ message: expect.stringContaining('nobody') }),
      }),
    ]);
  });
});
