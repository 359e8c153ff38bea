import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from '@smart-router/logging';
import type { Tracer } from '@smart-router/tracing';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { installAccessControl, type AccessOptions } from './access/access-control';
import { AccessLog } from './access-log';
import { AllowedMethods } from './allowed-methods';
import { serveDirectly } from './direct-routes';
import { ErrorFilter } from './errors/error-filter';
import { HttpMetrics } from './http-metrics';
import { RequestsPerConnection } from './limits/requests-per-connection';
import { installLoadShedding } from './limits/load-shedding';
import { installRateLimits, type RateLimits } from './limits/rate-limits';
import { NOT_OPEN, RequestDeadlines } from './request-deadlines';
import { headRefusal, acceptUnknownExpectations } from './request-head';
import { traceRequests } from './traced-requests';
import { installStrictQueries } from './validation/strict-queries';

declare module 'fastify' {
  interface FastifyRequest {
    /** The pattern of the route that took the request. */
    route: string;
  }
}

interface HttpOptions {
  readonly logger: Logger;
  /** While true, every answer asks its client to close the connection. */
  readonly isDraining: () => boolean;
  /** Every request is answered within this time, with 504 if need be. */
  readonly requestDeadlineMs: number;
  readonly access: AccessOptions;
  /** Recognizes the routes, by their pattern, that are answered under any load: who asks decides whether the process lives. */
  readonly isProbe: (pattern: string) => boolean;
  /** Beyond this, new connections are closed at once: they would take memory from the calls that are served. */
  readonly maxConnections: number;
  readonly rateLimits: RateLimits;
  /** While the event loop lags behind by more, requests are rejected. 0: never. */
  readonly maxEventLoopLagMs: number;
  /** `null` or left out: there are no traces. */
  readonly tracer?: Tracer | null;
}

/** The label of requests that no route took: paths that clients made up are no labels. */
const UNMATCHED = 'unmatched';

const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*(;|$)/;

/**
 * Gives an application its error bodies, request ids, raw bodies, access log and metrics. Call it after
 * `NestFactory.create(module, createHttpAdapter(…), { bodyParser: false })` and before `init`.
 */
export async function installHttp(app: NestFastifyApplication, options: HttpOptions): Promise<void> {
  const instance = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  instance.server.maxConnections = options.maxConnections;
  const allowedMethods = new AllowedMethods();
  instance.addHook('onRoute', ({ method, url }) => [method].flat().forEach((each) => allowedMethods.add(each, url)));
  const errors = new ErrorFilter(allowedMethods, options.logger);
  app.useGlobalFilters(errors);
  serveDirectly(app, instance, errors);
  useRawBodies(instance);
  trackRequests(instance, options);
  if (options.tracer) traceRequests(instance, options.tracer);
  addResponseHeaders(instance, options.isDraining);
  acceptUnknownExpectations(instance);
  installLoadShedding(instance, options.maxEventLoopLagMs, options.isProbe);
  installAccessControl(instance, options.access, options.logger);
  await installRateLimits(instance, options.rateLimits, options.isProbe);
  installStrictQueries(instance);
}

/** Clients forget or misspell the content type, so it decides nothing: a handler gets the bytes and parses them. */
function useRawBodies(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers();
  // As '*' would, but what a pattern matches is found once for a content type, not anew for each request.
  instance.addContentTypeParser(/^/, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

function normalizeContentType({ headers }: IncomingMessage): void {
  const type = headers['content-type'];
  if (type !== undefined && !MEDIA_TYPE.test(type)) headers['content-type'] = 'application/octet-stream';
}

/** What every request goes through, in one hook at its arrival and one at its end: each costs as much as it does. */
function trackRequests(instance: FastifyInstance, { logger, requestDeadlineMs }: HttpOptions): void {
  instance.decorateRequest('logFields', null);
  instance.decorateRequest('isLoggedAsWarning', false);
  instance.decorateRequest('rejection', null);
  instance.decorateRequest('route', UNMATCHED);
  instance.decorateRequest('deadlineSlot', NOT_OPEN);
  const deadlines = limitTime(instance, requestDeadlineMs);
  const report = reporter(logger);
  const connections = new RequestsPerConnection();
  instance.addHook('onRequest', (request, reply, done) => {
    normalizeContentType(request.raw);
    reply.header('x-request-id', request.id);
    rememberAddress(request.raw);
    // Made anew each time that it is asked for.
    const { url, config } = request.routeOptions;
    request.route = url ?? UNMATCHED;
    if (!config.ownDeadline) deadlines.begin(request, reply);
    done(connections.begin(request, reply) ?? headRefusal(request));
  });
  instance.addHook('onResponse', (request, reply, done) => {
    deadlines.end(request);
    connections.end(request);
    report(request, reply);
    done();
  });
}

/** Read once, a socket knows it after its end, too: the line of a request whose client hung up has it as well. */
function rememberAddress({ socket }: IncomingMessage): string | undefined {
  return socket.remoteAddress;
}

function addResponseHeaders(instance: FastifyInstance, isDraining: () => boolean): void {
  instance.addHook('onSend', (_request, reply, payload, done) => {
    if (isDraining()) reply.header('connection', 'close');
    // The framework answers POST with 201; here every success is 200.
    if (reply.statusCode === 201) reply.code(200);
    done(null, payload);
  });
}

function limitTime(instance: FastifyInstance, requestDeadlineMs: number): RequestDeadlines {
  const deadlines = new RequestDeadlines(requestDeadlineMs);
  instance.addHook('onClose', (_instance, done) => {
    deadlines.stop();
    done();
  });
  deadlines.start();
  return deadlines;
}

function reporter(logger: Logger): (request: FastifyRequest, reply: FastifyReply) => void {
  const accessLog = new AccessLog(logger);
  const metrics = new HttpMetrics();
  return (request, reply) => {
    const route = request.is404 ? UNMATCHED : request.route;
    metrics.record(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    accessLog.write(request, reply, route);
  };
}
