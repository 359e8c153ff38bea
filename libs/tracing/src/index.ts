export { activeTracer } from './active-tracer';
export { openTracing } from './open-tracing';
export type { RequestSpan, SpanFacts, TraceHeaders, Tracer, Tracing } from './tracer';
