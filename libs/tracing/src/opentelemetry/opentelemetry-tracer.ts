import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer as OpenTelemetry,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { Operation, RequestSpan, SpanFacts, TraceHeaders, Tracer } from '../tracer';

const KINDS = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT } as const;

/** What is under way: the span that operations come below, and the request that it belongs to. */
interface Active {
  readonly context: Context;
  readonly request: { isOpen: boolean };
}

const w3c = new W3CTraceContextPropagator();
const headerOf = {
  get: (headers: TraceHeaders, name: string) => headers[name as keyof TraceHeaders] as string | string[] | undefined,
  keys: (headers: TraceHeaders) => Object.keys(headers),
};
const setHeader = { set: (headers: Record<string, string>, name: string, value: string) => (headers[name] = value) };

/** What is under way is found by the asynchronous context, which exists in a process with traces only. */
export class OpenTelemetryTracer implements Tracer {
  private readonly active = new AsyncLocalStorage<Active>();

  constructor(private readonly spans: OpenTelemetry) {}

  beginRequest(name: string, headers: TraceHeaders, facts: SpanFacts): RequestSpan {
    const parent = w3c.extract(ROOT_CONTEXT, headers, headerOf);
    const span = this.spans.startSpan(name, { kind: SpanKind.SERVER, attributes: facts }, parent);
    const request = { isOpen: true };
    const active = { context: trace.setSpan(parent, span), request };
    return {
      traceId: span.spanContext().traceId,
      run: (work) => this.active.run(active, work),
      end: (result, outcome) => {
        request.isOpen = false;
        span.setAttributes(result);
        if (outcome === 'failed') span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  }

  within<Result>(
    operation: Operation,
    work: () => Promise<Result>,
    factsOf?: (result: Result) => SpanFacts,
  ): Promise<Result> {
    const above = this.active.getStore();
    // What continues in the background, for ever perhaps, would make a trace without end.
    if (!above?.request.isOpen) return work();
    const { name, kind, facts } = operation;
    const span = this.spans.startSpan(name, { kind: KINDS[kind], attributes: facts }, above.context);
    const active = { context: trace.setSpan(above.context, span), request: above.request };
    return this.active.run(active, () => this.followed(span, work, factsOf));
  }

  traceparent(): string | undefined {
    const context = this.active.getStore()?.context;
    if (context === undefined) return undefined;
    const headers: Record<string, string> = {};
    w3c.inject(context, headers, setHeader);
    return headers['traceparent'];
  }

  traceId(): string | undefined {
    const context = this.active.getStore()?.context;
    return context && trace.getSpanContext(context)?.traceId;
  }

  private async followed<Result>(
    span: Span,
    work: () => Promise<Result>,
    factsOf?: (result: Result) => SpanFacts,
  ): Promise<Result> {
    try {
      const result = await work();
      if (factsOf) span.setAttributes(factsOf(result));
      return result;
    } catch (error) {
      span.setAttribute('error.type', typeOf(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }
}

/** A code or a name: the text of an error may hold anything. */
function typeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : error.name;
}
