import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { requestIdOf } from './request-id';
import { errorAnswer } from './errors/error-answer';
import { answerUnparsedRequest } from './errors/unparsed-requests';

export interface HttpAdapterOptions {
  /** A larger body is answered with 413. */
  readonly bodyLimitBytes: number;
}

/** Longer than any URL that the header limit lets through: what is too long is told by the field's own rule. */
const MAX_PARAM_LENGTH = 16 * 1024;

/**
 * Slow clients are cut off; kept connections live longer than those of the usual load balancers (60 s), and each is
 * given up after a thousand requests, so that load spreads over new replicas.
 */
const SERVER_LIMITS = {
  requestTimeout: 15_000,
  keepAliveTimeout: 65_000,
  maxRequestsPerSocket: 1000,
  http: { headersTimeout: 10_000, connectionsCheckingInterval: 2000 },
};

/** The HTTP server for Nest, before any route. `installHttp` completes it. */
export function createHttpAdapter({ bodyLimitBytes }: HttpAdapterOptions): FastifyAdapter {
  return new FastifyAdapter({
    ...SERVER_LIMITS,
    bodyLimit: bodyLimitBytes,
    // Nothing here uses middleware of the old style.
    skipMiddie: true,
    logger: false,
    genReqId: requestIdOf,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_PARAM_LENGTH },
    clientErrorHandler: answerUnparsedRequest,
    // The router refuses a malformed URL before any hook runs, so the id is set here, too.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      const { status, headers, body } = errorAnswer(error, request.id);
      void reply
        .code(status)
        .headers({ ...headers, 'x-request-id': request.id })
        .send(body);
    },
  });
}
