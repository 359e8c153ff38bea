import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApiAnswer, type ApiServer, asStatusError } from '../api/api-server';
import { beginExchange, type Exchange, refuse } from './exchange';
import type { Faults } from './faults';
import type { RequestLog } from './request-log';
import { WatchStream } from './watch-stream';

export interface RequestHandlerParts {
  readonly api: ApiServer;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly bookmarkIntervalMs: number;
}

/** Reads a request, lets a planned fault happen, and writes the answer. */
export class RequestHandler {
  constructor(private readonly parts: RequestHandlerParts) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = await beginExchange(request, response, this.parts.log);
    const left = this.parts.faults.apply(exchange);
    if (left === 'nothing') return;
    try {
      const answer = this.ask(exchange);
      if (left === 'lose-answer') request.socket.resetAndDestroy();
      else this.write(exchange, answer);
    } catch (error) {
      refuse(exchange, asStatusError(error));
    }
  }

  private ask({ request, url, record: { method, body, resource } }: Exchange): ApiAnswer {
    this.parts.api.authorize(request.headers.authorization, resource);
    return this.parts.api.answer({ method, url, contentType: request.headers['content-type'], body });
  }

  private write(exchange: Exchange, answer: ApiAnswer): void {
    if (answer.kind === 'watch') return this.stream(exchange, answer);
    const { response, record } = exchange;
    const text = JSON.stringify(answer.body);
    record.status = answer.status;
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
  }

  private stream({ response, record }: Exchange, { feed }: ApiAnswer & { kind: 'watch' }): void {
    if (!record.resource) return;
    record.status = 200;
    const { bookmarkIntervalMs, faults } = this.parts;
    const stream = new WatchStream(record.resource, response, feed, bookmarkIntervalMs);
    faults.watches.add(stream, (listener) => response.once('close', listener));
    stream.start();
  }
}
