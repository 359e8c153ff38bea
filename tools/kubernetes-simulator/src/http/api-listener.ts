import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A port of 127.0.0.1 that can be closed and opened again, so that clients find the server where it was. */
export class ApiListener {
  private server: Server | null = null;
  private boundPort: number;

  constructor(
    private readonly handler: Handler,
    port: number,
  ) {
    this.boundPort = port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.boundPort}`;
  }

  /** @throws where the port is taken */
  async open(): Promise<void> {
    if (this.server) return;
    const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 0 }, this.handler);
    server.listen(this.boundPort, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
    this.boundPort = address.port;
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
