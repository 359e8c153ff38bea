import type { IncomingMessage, ServerResponse } from 'node:http';
import { resourceRequest } from '../api/request-info';
import type { StatusError } from '../objects/status-error';
import type { RecordedRequest, RequestLog } from './request-log';

/** One request with the place for its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly record: RecordedRequest;
}

/** Reads the request to its end and writes it to the log. */
export async function beginExchange(
  request: IncomingMessage,
  response: ServerResponse,
  log: RequestLog,
): Promise<Exchange> {
  const url = new URL(request.url ?? '/', 'http://kubernetes');
  const method = request.method ?? 'GET';
  const resource = resourceRequest(method, url.pathname, url.searchParams);
  const body = (await readBytes(request)).toString('utf8');
  const recorded = { atMs: performance.now(), method, url: request.url ?? '', resource, body, status: null };
  return { request, response, url, record: log.add(recorded) };
}

export async function readBytes(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A server that is too busy says so before it knows what a Status is. */
const TOO_BUSY = 'Too many requests, please try again later.\n';

/** Answers with the failure. */
export function refuse({ response, record }: Exchange, error: StatusError): void {
  const retryAfterSeconds = error.body.details?.['retryAfterSeconds'];
  const isText = error.status === 429;
  const text = isText ? TOO_BUSY : JSON.stringify(error.body);
  record.status = error.status;
  response.writeHead(error.status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    'content-length': Buffer.byteLength(text),
    ...(typeof retryAfterSeconds === 'number' && { 'retry-after': `${retryAfterSeconds}` }),
  });
  response.end(text);
}
