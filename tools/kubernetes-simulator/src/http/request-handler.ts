import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccessControl } from '../api/access';
import { type ApiAnswer, type ApiServer, asStatusError } from '../api/api-server';
import { resourceRequest } from '../api/request-info';
import { CONTROL_PATH, type ControlAnswer } from '../control/control-endpoint';
import { StatusError } from '../objects/status-error';
import { encoderFor } from './answer-encoding';
import { type Fault, type FaultPlan } from './fault';
import { type RecordedRequest, type RequestLog } from './request-log';
import type { RunningWatches } from './running-watches';
import { WatchStream } from './watch-stream';

export interface RequestHandlerParts {
  readonly api: ApiServer;
  readonly access: AccessControl;
  readonly faults: FaultPlan;
  readonly watches: RunningWatches;
  readonly log: RequestLog;
  readonly bookmarkIntervalMs: number;
  /** Answers what is not about Kubernetes but about the simulator. */
  control(method: string, url: URL): Promise<ControlAnswer>;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly record: RecordedRequest;
}

/** Reads a request, lets a planned fault happen, and writes the answer. */
export class RequestHandler {
  constructor(private readonly parts: RequestHandlerParts) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://kubernetes');
    const method = request.method ?? 'GET';
    if (url.pathname.startsWith(CONTROL_PATH)) {
      const { status, body } = await this.parts.control(method, url);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(`${JSON.stringify(body)}\n`);
      return;
    }
    const resource = resourceRequest(method, url.pathname, url.searchParams);
    const body = await readBody(request);
    const recorded = {
      atMs: performance.now(),
      method,
      url: request.url ?? '',
      resource,
      user: '',
      body,
      status: null,
    };
    const exchange = { request, response, url, record: this.parts.log.add(recorded) };
    const fault = this.parts.faults.take(resource);
    if (fault && (await this.prevents(exchange, fault))) return;
    this.answer(exchange, fault);
  }

  /** @returns whether the fault takes the place of an answer */
  private async prevents(exchange: Exchange, fault: Fault): Promise<boolean> {
    switch (fault.kind) {
      case 'reset':
        exchange.request.socket.resetAndDestroy();
        return true;
      case 'hang':
        return true;
      case 'status':
        refuse(exchange, plannedError(fault));
        return true;
      case 'delay':
        await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
        return exchange.response.destroyed;
      default:
        return false;
    }
  }

  private answer(exchange: Exchange, fault: Fault | null): void {
    try {
      const { request, url, record } = exchange;
      const { api, access } = this.parts;
      const user = access.authenticate(request.headers.authorization);
      api.authorize(user, record.resource);
      const contentType = request.headers['content-type'];
      const answer = api.answer({ method: record.method, url, contentType, body: record.body });
      this.write(exchange, fault?.kind === 'empty-list' ? emptied(answer) : answer, fault);
    } catch (error) {
      refuse(exchange, asStatusError(error));
    }
  }

  private write(exchange: Exchange, answer: ApiAnswer, fault: Fault | null): void {
    const { response, request, record } = exchange;
    if (fault?.kind === 'lost-reply') return void request.socket.resetAndDestroy();
    if (answer.kind === 'watch') return this.stream(exchange, answer);
    const text = answer.kind === 'text' ? answer.body : JSON.stringify(encoderFor(request, record).body(answer.body));
    record.status = answer.status;
    response.writeHead(answer.status, {
      'content-type': answer.kind === 'text' ? 'text/plain; charset=utf-8' : 'application/json',
      'content-length': Buffer.byteLength(text),
    });
    if (fault?.kind !== 'cut-reply') return void response.end(text);
    response.write(text.slice(0, text.length / 2), () => request.socket.resetAndDestroy());
  }

  private stream({ response, request, record }: Exchange, { feed }: ApiAnswer & { kind: 'watch' }): void {
    if (!record.resource) return;
    record.status = 200;
    const { bookmarkIntervalMs, watches } = this.parts;
    const encode = encoderFor(request, record).event;
    const stream = new WatchStream(record.resource, response, feed, { bookmarkIntervalMs, encode });
    watches.add(stream, (listener) => response.once('close', listener));
    stream.start();
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** A server that is too busy says so before it knows what a Status is. */
const TOO_BUSY = 'Too many requests, please try again later.\n';

function refuse({ response, record }: Exchange, error: StatusError): void {
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

function emptied(answer: ApiAnswer): ApiAnswer {
  if (answer.kind !== 'json' || !('items' in answer.body)) return answer;
  const { resourceVersion } = (answer.body as { metadata?: { resourceVersion?: string } }).metadata ?? {};
  return { ...answer, body: { ...answer.body, metadata: { resourceVersion }, items: [] } };
}

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

function plannedError(fault: Fault & { kind: 'status' }): StatusError {
  const { status: code, retryAfterSeconds } = fault;
  const message = fault.message ?? (code === 429 ? TOO_BUSY : `simulated failure ${code}`);
  const details = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return new StatusError({ code, reason: REASONS[code] ?? 'Unknown', message, details });
}
