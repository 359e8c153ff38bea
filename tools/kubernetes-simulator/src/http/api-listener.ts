import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { freePort } from '@smart-router/testbed';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A port of 127.0.0.1 that can be closed and opened again, so that clients find the server where it was. */
export class ApiListener {
  private server: Server | null = null;

  /** @param port 0 for a free one */
  constructor(
    private readonly handler: Handler,
    private port: number,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** @throws where the port is taken */
  async open(): Promise<void> {
    if (this.server) return;
    const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 0 }, this.handler);
    this.port ||= await freePort();
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.server = server;
  }

  /** Drops all connections, whatever runs on them; safe to repeat. */
  async close(): Promise<void> {
    const server = this.server;
    this.server = null;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
}
