import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { refuseUnknown } from './unknown-names';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The query parameters of the route; any other is refused. Left out: all are let through, as on webhooks and probes. */
    queryNames?: readonly string[];
  }
}

/**
 * Refuses query parameters that a route does not know with 400, before its body is read. Call it after the access
 * control and the limits, which come first.
 */
export function installStrictQueries(instance: FastifyInstance): void {
  instance.addHook('onRoute', (route) => {
    const known = route.config?.queryNames;
    if (known !== undefined) route.onRequest = [...[route.onRequest ?? []].flat(), strictQuery(known)];
  });
}

function strictQuery(known: readonly string[]): onRequestHookHandler {
  return (request, _reply, done) => {
    refuseUnknown('query parameter', Object.keys(request.query as object), known);
    done();
  };
}
