import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { TrustedProxies } from './client-address';
import { requestIdOf } from './request-id';
import { errorAnswer } from './errors/error-answer';
import { answerUnparsedRequest } from './errors/unparsed-requests';

interface HttpAdapterOptions {
  /** A larger body is answered with 413. */
  readonly bodyLimitBytes: number;
  /** A client that takes longer to send its request is cut off with 408. */
  readonly receiveTimeoutMs: number;
  /** A connection on which nothing moves for longer is closed: its client does not read its answer. */
  readonly idleTimeoutMs: number;
  /** How long a connection is kept open between two requests. */
  readonly keepAliveMs: number;
  /** Addresses and networks whose `X-Forwarded-For` names the client's address; empty: nobody's. */
  readonly trustedProxies: readonly string[];
}

/** Longer than any URL that the header limit lets through: what is too long is refused by the field's own rule. */
const MAX_PARAM_LENGTH = 16 * 1024;

/** The request line with its URL and all headers together. */
const MAX_HEAD_BYTES = 16 * 1024;

/** Headers are short, so that they are there sooner than a body has to be. */
const MAX_HEADERS_TIMEOUT_MS = 10_000;

const MAX_CHECK_INTERVAL_MS = 2000;

function receiveLimits(receiveTimeoutMs: number) {
  return {
    requestTimeout: receiveTimeoutMs,
    http: {
      // Refused later, in the one shape of errors.
      requireHostHeader: false,
      maxHeaderSize: MAX_HEAD_BYTES,
      headersTimeout: Math.min(receiveTimeoutMs, MAX_HEADERS_TIMEOUT_MS),
      connectionsCheckingInterval: Math.min(receiveTimeoutMs, MAX_CHECK_INTERVAL_MS),
    },
  };
}

function trustOf(networks: readonly string[]): (address: string) => boolean {
  const proxies = new TrustedProxies(networks);
  return (address) => proxies.includes(address);
}

/** The HTTP server for Nest, before any route. `installHttp` completes it. */
export function createHttpAdapter(options: HttpAdapterOptions): FastifyAdapter {
  const { bodyLimitBytes, receiveTimeoutMs, idleTimeoutMs, keepAliveMs, trustedProxies } = options;
  return new FastifyAdapter({
    keepAliveTimeout: keepAliveMs,
    ...receiveLimits(receiveTimeoutMs),
    connectionTimeout: idleTimeoutMs,
    bodyLimit: bodyLimitBytes,
    // Nothing here uses middleware of the old style.
    skipMiddie: true,
    logger: false,
    trustProxy: trustedProxies.length > 0 && trustOf(trustedProxies),
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
