import type { CallOperation, OperationName, Result } from '../call-operation';

/** `[start, end]`; an end of `null` goes with an unknown result. */
export type Span = readonly [number, number | null];

const operation = (op: OperationName, callSid: string, [invokeNs, returnNs]: Span, result: Result): CallOperation => ({
  client: 0,
  op,
  callSid,
  invokeNs,
  returnNs,
  result,
});

export const granted = (callSid: string, pod: string, span: Span): CallOperation =>
  operation('allocate', callSid, span, { kind: 'allocated', pod, wasExisting: false });

export const existing = (callSid: string, pod: string, span: Span): CallOperation =>
  operation('allocate', callSid, span, { kind: 'allocated', pod, wasExisting: true });

export const noCapacity = (callSid: string, span: Span): CallOperation =>
  operation('allocate', callSid, span, { kind: 'no-capacity' });

export const refusedAsEnded = (callSid: string, span: Span): CallOperation =>
  operation('allocate', callSid, span, { kind: 'call-ended' });

export const released = (callSid: string, pod: string, span: Span): CallOperation =>
  operation('release', callSid, span, { kind: 'released', pod });

export const notFound = (callSid: string, span: Span): CallOperation =>
  operation('release', callSid, span, { kind: 'unknown-call' });

export const ended = (callSid: string, span: Span): CallOperation =>
  operation('end-call', callSid, span, { kind: 'acknowledged' });

export const alive = (callSid: string, pod: string, span: Span): CallOperation =>
  operation('heartbeat', callSid, span, { kind: 'alive', pod });

export const unanswered = (op: OperationName, callSid: string, startNs: number): CallOperation =>
  operation(op, callSid, [startNs, null], { kind: 'unknown' });
