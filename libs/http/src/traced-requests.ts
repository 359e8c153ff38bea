import type { RequestSpan, SpanFacts, TraceHeaders, Tracer } from '@smart-router/tracing';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { annotate, PROBES } from './access-log';

declare module 'fastify' {
  interface FastifyRequest {
    /** `null` where the request leaves no trace. */
    span: RequestSpan | null;
  }
}

/** What a span has of the line of its request. Neither paths nor queries: they may hold secrets and phone numbers. */
const FACTS = [
  ...(['call_sid', 'merchant_id', 'pod_name', 'pool', 'provider', 'webhook'] as const),
  ...(['reason', 'refusal', 'chain', 'error_code'] as const),
];

/**
 * Gives each request a span, from its arrival to the end of its answer, and its line in the log the id of its trace. What
 * monitoring asks all the time leaves none.
 */
export function traceRequests(instance: FastifyInstance, tracer: Tracer): void {
  instance.decorateRequest('span', null);
  instance.addHook('onRequest', (request, _reply, done) => {
    if (!PROBES.test(request.route)) begin(request, tracer);
    done();
  });
  // After the body has arrived: what a socket says comes from outside of every request.
  instance.addHook('preHandler', (request, _reply, done) => {
    if (request.span === null) done();
    else request.span.run(done);
  });
  instance.addHook('onResponse', (request, reply, done) => {
    request.span?.end(factsOf(request, reply), reply.statusCode >= 500 ? 'failed' : 'ok');
    done();
  });
}

function begin(request: FastifyRequest, tracer: Tracer): void {
  const { method, route, headers, id } = request;
  const facts = { 'http.request.method': method, 'http.route': route, 'smart_router.request_id': id };
  const { traceparent, tracestate } = headers as TraceHeaders;
  request.span = tracer.beginRequest(`${method} ${route}`, { traceparent, tracestate }, facts);
  annotate(request, { trace_id: request.span.traceId });
}

function factsOf({ logFields }: FastifyRequest, { statusCode }: FastifyReply): SpanFacts {
  const facts: Record<string, string | number> = { 'http.response.status_code': statusCode };
  for (const name of FACTS) {
    const value = logFields?.[name];
    if (typeof value === 'string' && value !== '') facts[`smart_router.${name}`] = value;
  }
  return facts;
}
