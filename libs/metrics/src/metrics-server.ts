import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MetricsText } from './metrics-text';
import { registry } from './registry';

export interface MetricsServer {
  /** The port that it really listens on. */
  readonly port: number;
  close(): Promise<void>;
}

type Answer = { readonly status: number; readonly type: string; readonly body: string };

/** Always the newest: this port is for the monitoring alone. */
const text = new MetricsText(() => registry.metrics(), 0);

interface MetricsServerReports {
  /** Called with what made a scrape fail; the scraper gets a 500. */
  onError(error: unknown): void;
  /** Whether the process is to be restarted: `/health` is 503 then. */
  isLost(): boolean;
}

async function answer(request: IncomingMessage, isLost: () => boolean): Promise<Answer> {
  const path = request.url?.split('?')[0];
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return json(405, { error: 'method not allowed', code: 'METHOD_NOT_ALLOWED' });
  if (path === '/metrics') return { status: 200, type: registry.contentType, body: await text.read() };
  if (path === '/health' && isLost()) return json(503, { error: 'store lost', code: 'STORE_LOST' });
  if (path === '/health') return json(200, { status: 'ok' });
  return json(404, { error: 'not found', code: 'NOT_FOUND' });
}

function json(status: number, body: object): Answer {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}

/**
 * Serves `/metrics` and `/health` on a port of their own, apart from the calls: a scrape is answered even where the
 * main port is saturated, and needs no way in from outside.
 *
 * @throws the error of `listen`, as `EADDRINUSE`
 */
export async function startMetricsServer(
  host: string,
  port: number,
  { onError, isLost }: MetricsServerReports,
): Promise<MetricsServer> {
  const server = createServer(
    { headersTimeout: 5000, requestTimeout: 10_000, connectionsCheckingInterval: 2000, keepAliveTimeout: 65_000 },
    (request, response) => {
      answer(request, isLost).then(
        (found) => send(response, found),
        (error: unknown) => {
          onError(error);
          send(response, json(500, { error: 'internal error', code: 'INTERNAL' }));
        },
      );
    },
  );
  server.maxConnections = 100;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
