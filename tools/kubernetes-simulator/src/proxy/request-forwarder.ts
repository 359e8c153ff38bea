import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { beginExchange, type Exchange, readBytes } from '../http/exchange';
import type { Faults } from '../http/faults';
import type { RequestLog } from '../http/request-log';
import { ForwardedWatch } from './forwarded-watch';

export interface RequestForwarderParts {
  /** Of the real server, without a slash at the end. */
  readonly url: string;
  /** PEM. */
  readonly certificateAuthority: string;
  readonly faults: Faults;
  readonly log: RequestLog;
}

/** Not forwarded: they are about one connection, and there are two. */
const OF_ONE_CONNECTION = ['connection', 'host', 'keep-alive', 'transfer-encoding'];

/** Forwards requests to a real server, but for those that meet a planned fault. */
export class RequestForwarder {
  private readonly agent: Agent;

  constructor(private readonly parts: RequestForwarderParts) {
    this.agent = new Agent({ ca: parts.certificateAuthority, keepAlive: true });
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = await beginExchange(request, response, this.parts.log);
    const left = this.parts.faults.apply(exchange);
    if (left === 'nothing') return;
    const answer = await this.forward(exchange);
    exchange.record.status = answer.statusCode ?? null;
    if (exchange.record.resource?.verb === 'watch' && answer.statusCode === 200) return this.watch(exchange, answer);
    const body = await readBytes(answer);
    if (left === 'lose-answer') return void request.socket.resetAndDestroy();
    response.writeHead(answer.statusCode ?? 0, { ...forwardable(answer.headers), 'content-length': body.byteLength });
    response.end(body);
  }

  /** Closes its connections, which a server that went away has broken. */
  close(): void {
    this.agent.destroy();
  }

  private forward({ request, response, record }: Exchange): Promise<IncomingMessage> {
    const headers = forwardable(request.headers);
    const options = { method: record.method, headers, agent: this.agent };
    return new Promise((resolve, reject) => {
      const forwarded = httpsRequest(`${this.parts.url}${record.url}`, options, resolve);
      forwarded.once('error', reject);
      // A client that gave up must not leave a watch behind.
      response.once('close', () => forwarded.destroy());
      forwarded.end(record.body);
    });
  }

  private watch({ response, record }: Exchange, answer: IncomingMessage): void {
    if (!record.resource) return;
    const watch = new ForwardedWatch(record.resource, answer, response);
    this.parts.faults.watches.add(watch, (listener) => response.once('close', listener));
    watch.start();
  }
}

function forwardable(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_ONE_CONNECTION.includes(name)));
}
