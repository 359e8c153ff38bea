import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from './errors/api-error';

/**
 * Node answers two kinds of requests by itself, with an empty body: HTTP/1.1 without a `Host`, and an `Expect` that it
 * does not know. Here they become requests like any other (with `requireHostHeader: false`), and are refused in the
 * one shape of errors. So is a request with two `Host` headers, of which Node takes the first and a proxy perhaps the
 * other (RFC 9112, 3.2).
 * @returns what such a request is answered with, `undefined` for any other
 */
export function headRefusal({ raw }: FastifyRequest): ApiError | undefined {
  const { host, expect } = raw.headers;
  const hasHost = (host !== undefined || raw.httpVersion === '1.0') && !hasTwoHosts(raw.rawHeaders);
  const isExpected = expect === undefined || expect.toLowerCase() === '100-continue';
  return hasHost && isExpected ? undefined : new ApiError('INVALID_REQUEST');
}

/** Names and values take turns. */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1;
}

/** An `Expect` that Node does not know becomes a request; see {@link headRefusal}. */
export function takeUnknownExpectations({ server }: FastifyInstance): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}
