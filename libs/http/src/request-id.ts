import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Short and printable: safe in headers and logs. */
const ACCEPTABLE = /^[A-Za-z0-9._-]{1,64}$/;

export function newRequestId(): string {
  return randomUUID();
}

/** The id that the client sent as `X-Request-ID` where it is acceptable, else a new one. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const sent = request.headers['x-request-id'];
  return typeof sent === 'string' && ACCEPTABLE.test(sent) ? sent : newRequestId();
}
