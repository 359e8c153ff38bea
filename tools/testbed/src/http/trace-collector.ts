import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CollectedSpan, spansIn } from './otlp-spans';

/** `takes`: as it should; `hangs`: reads and never answers; `refuses`: answers 503. */
type Mood = 'takes' | 'hangs' | 'refuses';

/** A collector of traces: it takes OTLP over HTTP in binary form at `/v1/traces`. */
export class TraceCollector {
  mood: Mood = 'takes';
  readonly spans: CollectedSpan[] = [];
  /** The headers of each request, those that were not taken included. */
  readonly requests: IncomingHttpHeaders[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TraceCollector> {
    const server = createServer();
    const collector = new TraceCollector(server);
    server.on('request', (request, response) => void collector.take(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  /** What `OTEL_EXPORTER_OTLP_ENDPOINT` is set to. */
  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  spansOf(traceId: string): CollectedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    this.requests.push(request.headers);
    if (this.mood === 'hangs') return;
    const isRight = request.method === 'POST' && request.url === '/v1/traces';
    if (this.mood === 'takes' && isRight) this.spans.push(...spansIn(Buffer.concat(parts)));
    const status = this.mood === 'refuses' ? 503 : isRight ? 200 : 404;
    response.writeHead(status, { 'content-type': 'application/x-protobuf' }).end();
  }
}
