import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from './errors/api-error';

/**
 * Node answers two kinds of requests by itself, with an empty body: HTTP/1.1 without a `Host`, and an `Expect` that it
 * does not know. Here they become requests like any other (with `requireHostHeader: false`), and are refused in the
 * one shape of errors.
 * @returns what such a request is answered with, `undefined` for any other
 */
export function headRefusal({ raw }: FastifyRequest): ApiError | undefined {
  const { host, expect } = raw.headers;
  const hasHost = host !== undefined || raw.httpVersion === '1.0';
  const isExpected = expect === undefined || expect.toLowerCase() === '100-continue';
  return hasHost && isExpected ? undefined : new ApiError('INVALID_REQUEST');
}

/** An `Expect` that Node does not know becomes a request; see {@link headRefusal}. */
export function takeUnknownExpectations({ server }: FastifyInstance): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}
