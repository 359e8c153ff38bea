import type { FastifyInstance } from 'fastify';
import { ApiError } from './errors/api-error';

/**
 * Node answers two kinds of requests by itself, with an empty body: HTTP/1.1 without a `Host`, and an `Expect` that it
 * does not know. Here they become requests like any other (with `requireHostHeader: false`), and are refused in the
 * one shape of errors. Call it after the hooks that mark and report answers.
 */
export function refuseUnusableHeads(instance: FastifyInstance): void {
  instance.server.on('checkExpectation', (request, response) => instance.server.emit('request', request, response));
  instance.addHook('onRequest', (request, _reply, done) => {
    const { host, expect } = request.raw.headers;
    const hasHost = host !== undefined || request.raw.httpVersion === '1.0';
    const isExpected = expect === undefined || expect.toLowerCase() === '100-continue';
    done(hasHost && isExpected ? undefined : new ApiError('INVALID_REQUEST'));
  });
}
