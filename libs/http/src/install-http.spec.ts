import { setImmediate as nextTick } from 'node:timers/promises';
import { request } from 'node:http';
import { Body, Controller, Get, Module, Param, Post, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger } from '@smart-router/logging';
import { recoveredPanics, registry } from '@smart-router/metrics';
import { IsOptional, IsString, Matches } from 'class-validator';
import type { FastifyRequest, InjectOptions } from 'fastify';
import { annotate } from './access-log';
import { ApiError } from './errors/api-error';
import { createHttpAdapter } from './http-adapter';
import { installHttp } from './install-http';
import { parseJsonObject } from './json-body';
import { compileValidator } from './validation/compile-validator';

const BODY_LIMIT = 64 * 1024;

class CallRequest {
  @Matches(/^[A-Z0-9]+$/, { message: 'must be capital letters or digits' })
  call_sid!: string;

  @IsOptional()
  @IsString()
  reason?: string;
}

const checkCall = compileValidator(CallRequest);

let release: () => void = () => undefined;

@Controller('api/v1')
class SampleController {
  @Post('calls')
  call(@Req() request: FastifyRequest): object {
    const body = checkCall(parseJsonObject(request.body));
    annotate(request, { call_sid: body.call_sid });
    return body;
  }

  @Post('raw')
  raw(@Body() body: unknown): { bytes: number | null } {
    return { bytes: Buffer.isBuffer(body) ? body.length : null };
  }

  @Get('calls/:call_sid')
  find(@Param('call_sid') call_sid: string): object {
    return { call_sid };
  }

  @Get('full')
  full(): never {
    throw new ApiError('NO_PODS_AVAILABLE');
  }

  @Get('outage')
  outage(): never {
    throw Object.assign(new Error('store unavailable', { cause: new Error('no route') }), {
      code: 'STORE_UNAVAILABLE',
    });
  }

  @Get('broken')
  broken(): never {
    throw new Error('/etc/passwd');
  }

  @Get('hangs')
  hangs(): Promise<void> {
    return new Promise((resolve) => {
      release = resolve;
    });
  }

  @Get('health')
  health(): object {
    return { status: 'ok' };
  }
}

@Module({ controllers: [SampleController] })
class SampleModule {}

let app: NestFastifyApplication;
let lines: Record<string, unknown>[];
let draining: boolean;

beforeEach(async () => {
  lines = [];
  draining = false;
  const source = { app: 'api', version: '1', log: { level: 'debug', format: 'json' } } as const;
  const logger = createLogger(source, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const adapter = createHttpAdapter({
    bodyLimitBytes: BODY_LIMIT,
    receiveTimeoutMs: 15_000,
    idleTimeoutMs: 75_000,
    keepAliveMs: 620_000,
    trustedProxies: [],
  });
  app = await NestFactory.create<NestFastifyApplication>(SampleModule, adapter, { bodyParser: false, logger: false });
  await installHttp(app, {
    logger,
    isDraining: () => draining,
    requestDeadlineMs: 200,
    maxConnections: 100,
    rateLimits: { windowMs: 1000, perApiKey: 0, perAddress: 0, webhooksPerAddress: 0 },
    maxEventLoopLagMs: 0,
    access: { keys: () => [], isOpenRoute: () => true },
    isProbe: () => true,
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});

afterEach(() => app.close());

async function ask(method: InjectOptions['method'], url: string, rest: Partial<InjectOptions> = {}) {
  const { statusCode, headers, body } = await app.inject({ ...rest, method, url });
  return { status: statusCode, headers, text: body, json: body === '' ? undefined : (JSON.parse(body) as unknown) };
}

describe('error bodies', () => {
  it.each([
    { case: 'an unknown path', url: '/nope', status: 404, code: 'NOT_FOUND', error: 'not found' },
    { case: 'a path below a known one', url: '/api/v1/calls/a/b', status: 404, code: 'NOT_FOUND', error: 'not found' },
    { case: 'a malformed URL', url: '/api/v1/calls/%zz', status: 400, code: 'INVALID_URL', error: 'malformed URL' },
    { case: 'no capacity', url: '/api/v1/full', status: 503, code: 'NO_PODS_AVAILABLE', error: 'no pods available' },
    { case: 'an outage', url: '/api/v1/outage', status: 502, code: 'STORE_UNAVAILABLE', error: 'store unavailable' },
    { case: 'an unexpected error', url: '/api/v1/broken', status: 500, code: 'INTERNAL', error: 'internal error' },
    {
      case: 'a missed deadline',
      url: '/api/v1/hangs',
      status: 504,
      code: 'DEADLINE_EXCEEDED',
      error: 'request deadline exceeded',
    },
  ])('have one shape: $case', async ({ url, status, code, error }) => {
    const answer = await ask('GET', url, { headers: { 'x-request-id': 'r-1' } });
    expect(answer).toMatchObject({ status, json: { error, code, request_id: 'r-1' } });
    expect(Object.keys(answer.json as object)).toEqual(['error', 'code', 'request_id']);
    expect(answer.headers['x-request-id']).toBe('r-1');
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  it.each(['DELETE', 'PUT', 'OPTIONS', 'GET'] as const)('say that a path has not the method %s', async (method) => {
    expect(await ask(method, '/api/v1/calls')).toMatchObject({
      status: 405,
      json: { error: 'method not allowed', code: 'METHOD_NOT_ALLOWED' },
    });
  });

  it('name the methods that a path has', async () => {
    expect((await ask('PUT', '/api/v1/calls')).headers['allow']).toBe('POST');
    expect((await ask('PUT', '/api/v1/calls/a')).headers['allow']).toBe('GET, HEAD');
  });

  it('say when to come back', async () => {
    expect((await ask('GET', '/api/v1/full')).headers['retry-after']).toBe('1');
  });
});

describe('bodies', () => {
  it.each([
    'application/json',
    'application/json; charset=klingon',
    'application/x-www-form-urlencoded',
    'application/xml',
    'text/plain',
    'nonsense',
    '',
    undefined,
  ])('are read as JSON whatever the content type says: %s', async (type) => {
    const headers = type === undefined ? {} : { 'content-type': type };
    const send = (text: string) => ask('POST', '/api/v1/calls', { headers, payload: Buffer.from(text) });
    expect(await send('{"call_sid":"CA1","x":1}')).toMatchObject({ status: 200, json: { call_sid: 'CA1' } });
    expect(await send('call_sid=CA1')).toMatchObject({ status: 400, json: { code: 'INVALID_BODY' } });
  });

  it('are checked field by field', async () => {
    expect((await ask('POST', '/api/v1/calls', { payload: '{}' })).json).toMatchObject({
      error: 'call_sid is required',
    });
    expect((await ask('POST', '/api/v1/calls', { payload: '{"call_sid":"a b"}' })).json).toMatchObject({
      error: 'call_sid must be capital letters or digits',
      code: 'INVALID_FIELD',
    });
  });

  it.each([
    [BODY_LIMIT - 1, 200],
    [BODY_LIMIT, 200],
    [BODY_LIMIT + 1, 413],
  ])('of %d bytes are answered with %d', async (bytes, status) => {
    expect((await ask('POST', '/api/v1/raw', { payload: Buffer.alloc(bytes) })).status).toBe(status);
  });

  it('may be missing', async () => {
    expect((await ask('POST', '/api/v1/raw')).json).toEqual({ bytes: null });
  });
});

describe('paths', () => {
  it('may end with a slash', async () => {
    expect((await ask('GET', '/api/v1/calls/a/')).json).toEqual({ call_sid: 'a' });
  });

  it('hold values of any length for the handler to check', async () => {
    expect((await ask('GET', `/api/v1/calls/${'a'.repeat(2000)}`)).status).toBe(200);
  });

  it('answer HEAD as GET without a body', async () => {
    expect(await ask('HEAD', '/api/v1/calls/a')).toMatchObject({ status: 200, text: '' });
  });
});

it('asks clients to close their connections while draining', async () => {
  expect((await ask('GET', '/api/v1/health')).headers['connection']).toBe('keep-alive');
  draining = true;
  expect((await ask('GET', '/api/v1/health')).headers['connection']).toBe('close');
  expect((await ask('GET', '/nope')).headers['connection']).toBe('close');
});

it('drops the late answer of a handler that missed the deadline', async () => {
  expect((await ask('GET', '/api/v1/hangs')).status).toBe(504);
  release();
  await nextTick();
  expect((await ask('GET', '/api/v1/health')).status).toBe(200);
});

describe('the line of a request', () => {
  function requestLines(): Record<string, unknown>[] {
    return lines.filter((line) => line['msg'] === 'request');
  }

  it('has the pattern of its route, its outcome and what the handler knows', async () => {
    await ask('POST', '/api/v1/calls', { payload: '{"call_sid":"CA1"}', headers: { 'x-request-id': 'r-1' } });
    expect(requestLines()).toEqual([
      expect.objectContaining({
        level: 'info',
        request_id: 'r-1',
        method: 'POST',
        route: '/api/v1/calls',
        status: 200,
        duration_ms: expect.any(Number),
        call_sid: 'CA1',
      }),
    ]);
  });

  it('has the code of an error and the cause of an outage', async () => {
    await ask('GET', '/api/v1/outage');
    expect(requestLines()).toEqual([expect.objectContaining({ error_code: 'STORE_UNAVAILABLE', cause: 'no route' })]);
  });

  it('does not repeat what the client sent wrong', async () => {
    await ask('POST', '/api/v1/calls', { payload: '{"From":"+919812345678' });
    expect(requestLines()).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain('98123');
  });

  it('is of interest to developers only where it is a probe', async () => {
    await ask('GET', '/api/v1/health');
    expect(requestLines()).toEqual([expect.objectContaining({ level: 'debug' })]);
  });

  it('names no path that a client made up', async () => {
    await ask('GET', '/wp-admin.php');
    expect(requestLines()).toEqual([expect.objectContaining({ route: 'unmatched', status: 404 })]);
  });

  it('comes with another one that has the stack of an unexpected error', async () => {
    const before = (await recoveredPanics.get()).values[0]?.value ?? 0;
    await ask('GET', '/api/v1/broken', { headers: { 'x-request-id': 'r-9' } });
    expect(lines.filter((line) => line['level'] === 'error')).toEqual([
      expect.objectContaining({ request_id: 'r-9', err: expect.objectContaining({ message: '/etc/passwd' }) }),
    ]);
    expect((await recoveredPanics.get()).values[0]?.value).toBe(before + 1);
  });
});

it('counts and times requests by method, pattern and status', async () => {
  await ask('GET', '/api/v1/calls/a');
  await ask('GET', '/api/v1/calls/b');
  const text = await registry.metrics();
  const labels = 'method="GET",route="/api/v1/calls/:call_sid",status="200"';
  expect(text).toMatch(new RegExp(`http_requests_total\\{${labels}\\} \\d+`));
  expect(text).toContain(`http_request_duration_seconds_bucket{le="0.005",${labels}}`);
});

describe('connections', () => {
  it.each([
    ['two Host headers', ['Host', 'a', 'HOST', 'b']],
    ['two Host headers that say the same', ['Host', 'a', 'host', 'a']],
  ])('are answered with 400 when a request has %s', async (_what, headers) => {
    await app.listen(0, '127.0.0.1');
    const { port } = new URL(await app.getUrl());
    const status = await new Promise((resolve, reject) => {
      const asked = request({ port, path: '/api/v1/health', headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asked.on('error', reject).end();
    });
    expect(status).toBe(400);
  });

  it('are kept as long as it was set, and their clients are informed', async () => {
    await app.listen(0, '127.0.0.1');
    const { headers } = await fetch(`${await app.getUrl()}/api/v1/health`);
    expect(headers.get('keep-alive')).toMatch(/^timeout=620\b/);
  });
});
