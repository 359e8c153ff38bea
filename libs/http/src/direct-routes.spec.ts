import { setImmediate as nextTurn } from 'node:timers/promises';
import { Controller, HttpCode, Module, Post, Req, Res, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestFastifyApplication, RouteConfig } from '@nestjs/platform-fastify';
import { createLogger } from '@smart-router/logging';
import { recoveredPanics, registry } from '@smart-router/metrics';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { annotate } from './access-log';
import { ApiError, invalidField } from './errors/api-error';
import { createHttpAdapter } from './http-adapter';
import { installHttp } from './install-http';
import { parseJsonObject } from './json-body';

const KEYS = [{ name: 'writer', scope: 'write', secret: 'w'.repeat(32) }] as const;

const ADAPTER = {
  bodyLimitBytes: 1024,
  receiveTimeoutMs: 15_000,
  idleTimeoutMs: 75_000,
  keepAliveMs: 65_000,
  trustedProxies: [],
};
const LIMITS = {
  requestDeadlineMs: 200,
  maxConnections: 100,
  maxEventLoopLagMs: 0,
  rateLimits: { windowMs: 1000, perApiKey: 0, perAddress: 0, webhooksPerAddress: 0 },
};

let finish: (result?: unknown) => void = () => undefined;
let failLate: (error: Error) => void = () => undefined;

type Ask = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** What a handler may do; each is asked for by the body. */
const BEHAVIOURS: Readonly<Record<string, Ask>> = {
  answer: () => Promise.resolve({ name: 'ünï', list: [1, { two: 2 }], none: null, absent: undefined }),
  annotate: (request) => {
    annotate(request, { call_sid: 'CA1' });
    return Promise.resolve({});
  },
  send: async (_request, reply) => {
    await Promise.resolve();
    reply.code(202).header('x-own', '1').type('text/xml').send('<Response/>');
  },
  refuse: () => Promise.reject(new ApiError('NO_PODS_AVAILABLE')),
  refuseField: () => Promise.reject(invalidField('call_sid', 'is required')),
  refuseWithHeaders: () => Promise.reject(new ApiError('METHOD_NOT_ALLOWED', { headers: { allow: 'GET' } })),
  break: () => Promise.reject(new Error('/etc/passwd')),
  outage: () =>
    Promise.reject(Object.assign(new Error('x', { cause: new Error('no route') }), { code: 'STORE_UNAVAILABLE' })),
  hang: () => new Promise((resolve, reject) => ([finish, failLate] = [resolve, reject])),
};

async function behave(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { behaviour } = parseJsonObject(request.body);
  return BEHAVIOURS[String(behaviour)]?.(request, reply);
}

@Controller()
class SampleController {
  @Post('nest')
  @RouteConfig({ access: 'write' })
  @HttpCode(200)
  nest(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return behave(request, reply).then((body) => {
      if (body !== undefined && !reply.sent) reply.send(body);
    });
  }

  @Post('direct')
  @RouteConfig({ access: 'write', direct: { controller: SampleController, method: 'direct' } })
  direct(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<unknown> {
    // Fails where `this` is lost.
    return this.ask(request, reply);
  }

  private ask(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    return behave(request, reply);
  }
}

@Module({ controllers: [SampleController] })
class SampleModule {}

let app: NestFastifyApplication;
let lines: Record<string, unknown>[];

beforeEach(async () => {
  lines = [];
  const source = { app: 'api', version: '1', log: { level: 'debug', format: 'json' } } as const;
  const logger = createLogger(source, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const adapter = createHttpAdapter(ADAPTER);
  app = await NestFactory.create<NestFastifyApplication>(SampleModule, adapter, { bodyParser: false, logger: false });
  const access = { keys: () => KEYS, isOpenRoute: () => false };
  await installHttp(app, { ...LIMITS, logger, access, isProbe: () => false, isDraining: () => false });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});

afterEach(() => app.close());

interface Sent {
  readonly payload: string;
  readonly secret?: string;
}

function without(fields: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

async function ask(route: 'nest' | 'direct', { payload, secret = KEYS[0].secret }: Sent) {
  const headers = { authorization: `Bearer ${secret}`, 'x-request-id': 'r-1' };
  const answer = await app.inject({ method: 'POST', url: `/${route}`, headers, payload });
  return { status: answer.statusCode, headers: without(answer.headers, ['date']), body: answer.body };
}

/** The log of the last request, without what differs from request to request. */
function takeLines(): unknown[] {
  return lines.splice(0).map((line) => {
    const { err } = line as { err?: Error };
    return { ...without(line, ['time', 'duration_ms', 'route']), ...(err && { err: err.message }) };
  });
}

async function counted(): Promise<Record<string, number>> {
  const [requests, panics] = [
    await registry.getSingleMetric('http_requests_total')?.get(),
    await recoveredPanics.get(),
  ];
  const values = requests?.values.map(({ labels, value }) => [JSON.stringify(labels), value] as const) ?? [];
  return { ...Object.fromEntries(values), panics: panics.values[0]?.value ?? 0 };
}

/** Everything that a request leaves behind, with both routes under one name. */
async function effectOf(route: 'nest' | 'direct', sent: Sent): Promise<object> {
  const before = await counted();
  const answer = await ask(route, sent);
  const after = Object.entries(await counted());
  const gains = after.map(([key, value]) => [key.replace(/nest|direct/, 'route'), value - (before[key] ?? 0)] as const);
  return { answer, log: takeLines(), metrics: gains.filter(([, gain]) => gain !== 0) };
}

const REQUESTS: readonly Sent[] = [
  ...Object.keys(BEHAVIOURS).map((behaviour) => ({ payload: JSON.stringify({ behaviour }) })),
  { payload: '{' },
  { payload: ' '.repeat(2000) },
  { payload: '{}', secret: 'unknown' },
];

it.each(REQUESTS)('gives the answer, the log and the metrics that the route of Nest gives: %j', async (sent) => {
  expect(await effectOf('direct', sent)).toEqual(await effectOf('nest', sent));
});

it.each(['nest', 'direct'] as const)(
  'drops an answer that comes after the deadline, on the route %s',
  async (route) => {
    const late = await ask(route, { payload: '{"behaviour":"hang"}' });
    finish({ late: true });
    await nextTurn();

    expect(late.status).toBe(504);
    expect(takeLines()).toHaveLength(1);
  },
);

it.each(['nest', 'direct'] as const)(
  'reports a failure that comes after the deadline, on the route %s',
  async (route) => {
    await ask(route, { payload: '{"behaviour":"hang"}' });
    takeLines();
    failLate(new ApiError('STORE_UNAVAILABLE'));
    await nextTurn();

    expect(takeLines()).toEqual([
      expect.objectContaining({ msg: 'request failed after it had been answered', request_id: 'r-1' }),
    ]);
  },
);

@Controller()
class Misspelt {
  @Post('broken')
  @RouteConfig({ direct: { controller: Misspelt, method: 'misspelt' } })
  handle(): void {}
}

@Controller()
class Guarded {
  @Post('broken')
  @UseGuards(
    class {
      canActivate = () => false;
    },
  )
  @RouteConfig({ direct: { controller: Guarded, method: 'handle' } })
  handle(): void {}
}

it.each([
  [Misspelt, 'Misspelt has no method misspelt'],
  [Guarded, 'Guarded.handle is served directly'],
])('stops the start when a direct route cannot be served as it is declared: %p', async (controller, text) => {
  @Module({ controllers: [controller] })
  class BrokenModule {}
  const adapter = createHttpAdapter(ADAPTER);
  const options = { bodyParser: false, logger: false, abortOnError: false } as const;
  const broken = await NestFactory.create<NestFastifyApplication>(BrokenModule, adapter, options);
  const access = { keys: () => [], isOpenRoute: () => true };
  const logger = createLogger(
    { app: 'api', version: '1', log: { level: 'info', format: 'json' } },
    { write: () => {} },
  );
  await installHttp(broken, { ...LIMITS, logger, access, isProbe: () => false, isDraining: () => false });

  await expect(broken.init()).rejects.toThrow(text);
  await broken.close();
});
