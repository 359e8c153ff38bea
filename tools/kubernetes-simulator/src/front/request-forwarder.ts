import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { happensInstead } from '../http/early-fault';
import { beginExchange, type Exchange, readBytes } from '../http/exchange';
import type { Fault, FaultPlan } from '../http/fault';
import type { RequestLog } from '../http/request-log';
import type { RunningWatches } from '../http/running-watches';
import { ForwardedWatch } from './forwarded-watch';

export interface RequestForwarderParts {
  /** Of the server behind, without a slash at the end. */
  readonly url: string;
  /** PEM. */
  readonly certificateAuthority: string;
  readonly faults: FaultPlan;
  readonly watches: RunningWatches;
  readonly log: RequestLog;
}

/** Not passed on: they are about one connection, and there are two. */
const OF_ONE_CONNECTION = ['connection', 'host', 'keep-alive', 'transfer-encoding'];

/** Passes requests on to a real server, but for those that meet a planned fault. */
export class RequestForwarder {
  private readonly agent: Agent;

  constructor(private readonly parts: RequestForwarderParts) {
    this.agent = new Agent({ ca: parts.certificateAuthority, keepAlive: true });
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = await beginExchange(request, response, this.parts.log);
    const fault = this.parts.faults.take(exchange.record.resource);
    if (fault && (await happensInstead(exchange, fault))) return;
    const answer = await this.forward(exchange);
    exchange.record.status = answer.statusCode ?? null;
    if (exchange.record.resource?.verb === 'watch' && answer.statusCode === 200) return this.watch(exchange, answer);
    await this.write(exchange, answer, fault);
  }

  /** Lets go of its connections, which a server that went away has broken. */
  close(): void {
    this.agent.destroy();
  }

  private forward({ request, response, record }: Exchange): Promise<IncomingMessage> {
    const headers = passedOn(request.headers);
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
    this.parts.watches.add(watch, (listener) => response.once('close', listener));
    watch.start();
  }

  private async write(exchange: Exchange, answer: IncomingMessage, fault: Fault | null): Promise<void> {
    const { request, response } = exchange;
    const received = await readBytes(answer);
    if (fault?.kind === 'lost-reply') return void request.socket.resetAndDestroy();
    const body = fault?.kind === 'empty-list' ? emptied(received) : received;
    const headers = { ...passedOn(answer.headers), 'content-length': body.byteLength };
    response.writeHead(answer.statusCode ?? 0, headers);
    if (fault?.kind !== 'cut-reply') return void response.end(body);
    response.write(body.subarray(0, body.byteLength / 2), () => request.socket.resetAndDestroy());
  }
}

function passedOn(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_ONE_CONNECTION.includes(name)));
}

function emptied(body: Buffer): Buffer {
  const list = JSON.parse(body.toString('utf8')) as { metadata?: { resourceVersion?: string } };
  const { resourceVersion } = list.metadata ?? {};
  return Buffer.from(JSON.stringify({ ...list, metadata: { resourceVersion }, items: [] }));
}
