import { chainText } from '@smart-router/routing-store';
import type { SpanFacts, Tracer } from '@smart-router/tracing';
import type { Allocation, CallAllocator, ForeignCall, ProviderAllocationRequest } from '../domain/call-allocator';
import { compileMediaAddress, type MediaAddress, type WsUrlRules, type WsUrlValues } from '../domain/ws-url-template';

type Decide = (request: ProviderAllocationRequest) => Promise<Allocation | ForeignCall>;

/** Gives each decision of this allocator a span. @returns the same allocator */
export function traceDecisions(allocator: CallAllocator, tracer: Tracer): CallAllocator {
  const decide = allocator.allocate.bind(allocator) as Decide;
  const traced: Decide = (request) =>
    tracer.within({ name: 'decide', kind: 'internal', facts: subjectOf(request) }, () => decide(request), factsOf);
  return Object.assign(allocator, { allocate: traced });
}

/**
 * As `compileMediaAddress`. The pod is given the trace, as the parameter `traceparent` of the stream, and wherever a
 * template has `{traceparent}`.
 */
export function tracedAddress(rules: WsUrlRules, tracer: Tracer): (values: WsUrlValues) => MediaAddress {
  const address = compileMediaAddress({
    ...rules,
    parameters: { traceparent: '{traceparent}', ...rules.parameters },
  });
  return (values) => {
    const traceparent = tracer.traceparent();
    return address(traceparent === undefined ? values : { ...values, traceparent });
  };
}

function subjectOf({ callSid, merchantId, provider }: ProviderAllocationRequest): SpanFacts {
  return {
    'smart_router.call_sid': callSid,
    'smart_router.merchant_id': merchantId || undefined,
    'smart_router.provider': provider,
  };
}

function factsOf(allocation: Allocation | ForeignCall): SpanFacts {
  const outcome = { 'smart_router.outcome': allocation.kind };
  switch (allocation.kind) {
    case 'allocated': {
      const { podName, sourcePool, wasExisting } = allocation;
      return {
        ...outcome,
        'smart_router.pod_name': podName,
        'smart_router.pool': sourcePool,
        'smart_router.was_existing': wasExisting,
      };
    }
    case 'no-capacity':
      return {
        ...outcome,
        'smart_router.reason': allocation.reason,
        'smart_router.chain': chainText(allocation.attempts),
      };
    default:
      return outcome;
  }
}
