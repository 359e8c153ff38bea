import type { Allocation, CallEnd, ForeignCall } from '@smart-router/allocator';
import { publicError } from '@smart-router/http/errors';
import type { CallEvent, EndedCall, InvalidWebhook, MediaRequest, Provider, Refusal } from './provider';
import type { WebhookOutcome } from './webhook-outcome';

const FOREIGN_CALL: Refusal = { kind: 'refused', status: 403, reason: 'foreign_call' };

/** What a request for media leads to. `requestId` is that of the request. */
export function mediaOutcome(
  { answers }: Provider,
  { callSid, merchantId }: MediaRequest,
  allocation: Allocation | ForeignCall,
  requestId: string,
): WebhookOutcome {
  switch (allocation.kind) {
    case 'allocated': {
      const { podName, sourcePool, wsUrl, parameters, wasExisting } = allocation;
      const answer = answers.connect(wsUrl, parameters);
      return { answer, result: wasExisting ? 'existing' : 'allocated', callSid, merchantId, podName, sourcePool };
    }
    case 'no-capacity': {
      const { reason, attempts } = allocation;
      const refusedCall = { reason, attempts };
      return { answer: answers.noCapacity(requestId), result: 'no_capacity', callSid, merchantId, refusedCall };
    }
    case 'call-ended':
      return { answer: answers.callEnded(requestId), result: 'call_ended', callSid, merchantId };
    case 'foreign-call':
      return { answer: answers.refused(FOREIGN_CALL, requestId), result: 'foreign_call', callSid, merchantId };
  }
}

const END_RESULTS = { 'unknown-call': 'unknown_call', 'foreign-call': 'foreign_call' } as const;

/** What the report of an end leads to. It was taken, whatever there was to do, but for one that cannot be remembered. */
export function endOutcome(
  { answers }: Provider,
  { callSid, status }: EndedCall,
  ended: CallEnd,
  requestId: string,
): WebhookOutcome {
  if (ended.kind === 'too-many-unknown') {
    const answer = answers.statusFailed(publicError('TOO_MANY_UNKNOWN_ENDS'), requestId);
    return { answer, callSid, callStatus: status, result: 'too_many_unknown' };
  }
  const outcome = { answer: answers.statusTaken(), callSid, callStatus: status };
  return ended.kind === 'released'
    ? { ...outcome, result: 'released', podName: ended.podName }
    : { ...outcome, result: END_RESULTS[ended.kind] };
}

/** A report on a call that runs changes nothing. */
export function progressOutcome({ answers }: Provider, callSid: string, callStatus = 'other'): WebhookOutcome {
  return { answer: answers.statusTaken(), result: 'ongoing', callSid, callStatus };
}

/** Neither does a report on something else. */
export function eventOutcome({ answers }: Provider, { callSid, event }: CallEvent): WebhookOutcome {
  const outcome: WebhookOutcome = { answer: answers.statusTaken(), result: 'event', callEvent: event };
  return callSid === undefined ? outcome : { ...outcome, callSid };
}

export function invalidOutcome({ answers }: Provider, invalid: InvalidWebhook, requestId: string): WebhookOutcome {
  return { answer: answers.badRequest(invalid, requestId), result: 'invalid', problem: invalid.message };
}
