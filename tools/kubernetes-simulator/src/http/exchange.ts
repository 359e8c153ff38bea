import type { IncomingMessage, ServerResponse } from 'node:http';
import { resourceRequest } from '../api/request-info';
import type { RecordedRequest, RequestLog } from './request-log';

/** One request with the place for its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly record: RecordedRequest;
}

/** Reads the request to its end and puts it down in the log. */
export async function beginExchange(
  request: IncomingMessage,
  response: ServerResponse,
  log: RequestLog,
): Promise<Exchange> {
  const url = urlOf(request);
  const method = request.method ?? 'GET';
  const resource = resourceRequest(method, url.pathname, url.searchParams);
  const body = (await readBytes(request)).toString('utf8');
  const recorded = { atMs: performance.now(), method, url: request.url ?? '', resource, user: '', body, status: null };
  return { request, response, url, record: log.add(recorded) };
}

export function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '/', 'http://kubernetes');
}

export async function readBytes(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
