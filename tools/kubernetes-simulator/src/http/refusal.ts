import { StatusError } from '../objects/status-error';
import type { Exchange } from './exchange';
import type { Fault } from './fault';

/** A server that is too busy says so before it knows what a Status is. */
const TOO_BUSY = 'Too many requests, please try again later.\n';

const REASONS: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

export function refuse({ response, record }: Exchange, error: StatusError): void {
  const retryAfterSeconds = error.body.details?.['retryAfterSeconds'];
  const isText = error.message === TOO_BUSY;
  const text = isText ? TOO_BUSY : JSON.stringify(error.body);
  record.status = error.status;
  response.writeHead(error.status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    'content-length': Buffer.byteLength(text),
    ...(typeof retryAfterSeconds === 'number' && { 'retry-after': `${retryAfterSeconds}` }),
  });
  response.end(text);
}

/** The answer that a planned fault stands for. */
export function plannedError(fault: Fault & { kind: 'status' }): StatusError {
  const { status: code, retryAfterSeconds } = fault;
  const message = fault.message ?? (code === 429 ? TOO_BUSY : `simulated failure ${code}`);
  const details = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return new StatusError({ code, reason: REASONS[code] ?? 'Unknown', message, details });
}
