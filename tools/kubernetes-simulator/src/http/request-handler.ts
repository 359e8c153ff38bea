import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccessControl } from '../api/access';
import { type ApiAnswer, type ApiServer, asStatusError } from '../api/api-server';
import { CONTROL_PATH, type ControlAnswer } from '../control/control-endpoint';
import { encoderFor } from './answer-encoding';
import { happensInstead } from './early-fault';
import { beginExchange, type Exchange, urlOf } from './exchange';
import type { Fault, FaultPlan } from './fault';
import { refuse } from './refusal';
import type { RequestLog } from './request-log';
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

/** Reads a request, lets a planned fault happen, and writes the answer. */
export class RequestHandler {
  constructor(private readonly parts: RequestHandlerParts) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = urlOf(request);
    if (url.pathname.startsWith(CONTROL_PATH)) return this.control(request, response, url);
    const exchange = await beginExchange(request, response, this.parts.log);
    const fault = this.parts.faults.take(exchange.record.resource);
    if (fault && (await happensInstead(exchange, fault))) return;
    this.answer(exchange, fault);
  }

  private async control({ method = 'GET' }: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { status, body } = await this.parts.control(method, url);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify(body)}\n`);
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

function emptied(answer: ApiAnswer): ApiAnswer {
  if (answer.kind !== 'json' || !('items' in answer.body)) return answer;
  const { resourceVersion } = (answer.body as { metadata?: { resourceVersion?: string } }).metadata ?? {};
  return { ...answer, body: { ...answer.body, metadata: { resourceVersion }, items: [] } };
}
