import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from './errors/api-error';

/**
 * Node answers two kinds of requests by itself, with an empty body: HTTP/1.1 without a `Host`, and an `Expect` that it
 * does not know. Here they become requests like any other (with `requireHostHeader: false`), and are refused in the
 * one shape of errors; and so is a body in an encoding.
 * @returns what such a request is answered with, `undefined` for any other
 */
export function headRefusal({ raw }: FastifyRequest): ApiError | undefined {
  const { host, expect } = raw.headers;
  const hasHost = host !== undefined || raw.httpVersion === '1.0';
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

/** An `Expect` that Node does not know becomes a request; see {@link headRefusal}. */
export function takeUnknownExpectations({ server }: FastifyInstance): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}
