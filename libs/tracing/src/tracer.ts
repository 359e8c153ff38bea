/** Facts of a span, by the names of OpenTelemetry or with the prefix `smart_router.`. `undefined` is left out. */
export type SpanFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/** The headers of the W3C that say which trace a request belongs to, as they came. */
export interface TraceHeaders {
  readonly traceparent?: string | readonly string[] | undefined;
  readonly tracestate?: string | readonly string[] | undefined;
}

/** The span of a request that is being answered. */
export interface RequestSpan {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** Runs work so that the operations that it begins, at once or later, belong to this request. */
  run(work: () => void): void;
  /** Once, when the answer is out. Operations that begin later belong to no request and leave no span. */
  end(facts: SpanFacts, outcome: 'ok' | 'failed'): void;
}

export interface Operation {
  /** Few names: what differs from call to call is a fact. */
  readonly name: string;
  /** `client`: it asks another process. */
  readonly kind: 'internal' | 'client';
  readonly facts: SpanFacts;
}

/**
 * Follows requests through this process. There is one only where traces are on: whoever is given `null` does nothing for
 * them. Its methods throw nothing of their own and wait for no collector.
 */
export interface Tracer {
  /** Begins the span of a request, below that of its sender where `headers` name one. */
  beginRequest(name: string, headers: TraceHeaders, facts: SpanFacts): RequestSpan;
  /**
   * Does the work as an operation of the request that is under way; without one there is no span.
   * @param factsOf what the result adds to the facts
   * @returns, @throws what the work does
   */
  within<Result>(
    operation: Operation,
    work: () => Promise<Result>,
    factsOf?: (result: Result) => SpanFacts,
  ): Promise<Result>;
  /** The header `traceparent` that makes another process continue here; `undefined` outside of a request. */
  traceparent(): string | undefined;
  /** 32 hexadecimal digits; `undefined` outside of a request. */
  traceId(): string | undefined;
}

/** A tracer, and the way of its spans to the collector. */
export interface Tracing {
  readonly tracer: Tracer;
  /** Sends what is still in memory, for at most this time in milliseconds. Never rejects. */
  close(limitMs: number): Promise<void>;
}

/** What happens to spans on their way to the collector. Implementations must not throw. */
export interface ExportObserver {
  /** They are lost: there was no room for them, or the collector did not take them. */
  spansDropped(reason: 'queue_full' | 'export_failed', count: number): void;
  /** The collector does not take spans any more, or, with `null`, takes them again. */
  exportFailed(error: Error | null): void;
}
