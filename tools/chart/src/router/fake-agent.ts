import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';

const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** A voice agent that sends back what it is sent. It knows nothing of WebSocket but how one begins, and echoes its bytes. */
export class FakeAgent {
  /** Paths with their query that were asked for. */
  readonly paths: string[] = [];
  private readonly streams = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      this.paths.push(request.url ?? '');
      response.end('not a stream');
    });
    server.on('upgrade', (request: IncomingMessage, socket: Socket) => this.accept(request, socket));
  }

  /** @param address of the loopback network, as `127.77.0.1` */
  static async start(address: string, port: number): Promise<FakeAgent> {
    const server = createServer();
    server.listen(port, address);
    await once(server, 'listening');
    return new FakeAgent(server);
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    for (const stream of this.streams) stream.destroy();
    await once(this.server, 'close');
  }

  private accept(request: IncomingMessage, socket: Socket): void {
    this.paths.push(request.url ?? '');
    this.streams.add(socket);
    const key = request.headers['sec-websocket-key'] ?? '';
    const accept = createHash('sha1').update(`${key}${WEBSOCKET_GUID}`).digest('base64');
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
    socket.write(`${[...lines, `Sec-WebSocket-Accept: ${accept}`].join('\r\n')}\r\n\r\n`);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => socket.write(bytes));
  }
}
