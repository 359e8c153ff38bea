import type { OperationName, Result } from '@smart-router/history-checker';
import type { HttpAnswer } from './http-connection-pool';

export interface CallRequest {
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
}

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** How an operation is said to the API. */
export function requestFor(op: OperationName, callSid: string, merchantId: string): CallRequest {
  switch (op) {
    case 'allocate':
      return json('/api/v1/allocate', { call_sid: callSid, merchant_id: merchantId });
    case 'release':
      return json('/api/v1/release', { call_sid: callSid });
    case 'heartbeat':
      return json(`/api/v1/calls/${callSid}/heartbeat`, {});
    case 'end-call':
      return {
        path: '/api/v1/twilio/status',
        contentType: FORM_TYPE,
        body: `CallSid=${callSid}&CallStatus=completed`,
      };
  }
}

function json(path: string, body: object): CallRequest {
  return { path, contentType: JSON_TYPE, body: JSON.stringify(body) };
}

const UNKNOWN: Result = { kind: 'unknown' };

/** Answers that say that nothing was changed, by their code. */
const REFUSALS: Readonly<Record<string, Result>> = {
  NO_PODS_AVAILABLE: { kind: 'no-capacity' },
  CALL_ENDED: { kind: 'call-ended' },
  CALL_NOT_FOUND: { kind: 'unknown-call' },
};

/** Answers by which the API says that it does not know what has happened, or could not ask. */
const UNDECIDED = new Set([
  'STORE_UNAVAILABLE',
  'STORE_RECOVERING',
  'DEADLINE_EXCEEDED',
  'SHUTTING_DOWN',
  'NOT_READY',
  'OVERLOADED',
]);

/** The same by the status, where the answer has no code: a store that refuses or is late, a process that ends. */
const UNDECIDED_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);

/** @returns what the answer says of the call; `null` for an answer that the API must not give */
export function resultOf(op: OperationName, answer: HttpAnswer): Result | null {
  if (answer.kind !== 'answer') return UNKNOWN;
  if (op === 'end-call') return resultOfStatusCallback(answer.status);
  const body = parse(answer.text);
  if (!body) return null;
  if (answer.status === 200) return success(op, body);
  const code = String(body['code']);
  return REFUSALS[code] ?? (UNDECIDED.has(code) ? UNKNOWN : null);
}

function resultOfStatusCallback(status: number): Result | null {
  if (status >= 200 && status < 300) return { kind: 'acknowledged' };
  return UNDECIDED_STATUSES.has(status) ? UNKNOWN : null;
}

function success(op: OperationName, body: Readonly<Record<string, unknown>>): Result | null {
  const pod = body['pod_name'];
  if (typeof pod !== 'string') return null;
  if (op === 'release') return { kind: 'released', pod };
  if (op === 'heartbeat') return { kind: 'alive', pod };
  return { kind: 'allocated', pod, wasExisting: body['was_existing'] === true };
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // No JSON: an answer that the API must not give.
    return null;
  }
}
