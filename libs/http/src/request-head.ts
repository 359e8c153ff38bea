import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from './errors/api-error';

/**
 * Node answers two kinds of requests by itself, with an empty body: HTTP/1.1 without a `Host`, and an `Expect` that it
 * does not know. Here they become requests like any other (with `requireHostHeader: false`), and are refused in the
 * one shape of errors. So is a request with two `Host` headers, of which Node takes the first and a proxy perhaps the
 * other (RFC 9112, 3.2); and so is a body in an encoding.
 * @returns what such a request is answered with, `undefined` for any other
 */
export function headRefusal({ raw }: FastifyRequest): ApiError | undefined {
  const { host, expect } = raw.headers;
  const hasHost = (host !== undefined || raw.httpVersion === '1.0') && !hasTwoHosts(raw.rawHeaders);
  const isExpected = expect === undefined || expect.toLowerCase() === '100-continue';
  if (!hasHost || !isExpected) return new ApiError('INVALID_REQUEST');
  return encodingRefusal(raw.headers['content-encoding']);
}

const ENCODING = /^[\w!#$&^.+*'`|~, -]{1,64}$/;

/** Bodies are read as they are: a compressed one would be taken for broken. */
function encodingRefusal(encoding: string | undefined): ApiError | undefined {
  if (encoding === undefined || encoding === '' || encoding.toLowerCase() === 'identity') return undefined;
  const named = ENCODING.test(encoding) ? ` ${encoding}` : '';
  const text = `unsupported content encoding${named}: send the body as it is, not compressed`;
  return new ApiError('UNSUPPORTED_MEDIA_TYPE', { text, headers: { 'accept-encoding': 'identity' } });
}

/** Names and values alternate. */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1;
}

/** An `Expect` that Node does not know becomes a request; see {@link headRefusal}. */
export function acceptUnknownExpectations({ server }: FastifyInstance): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}
