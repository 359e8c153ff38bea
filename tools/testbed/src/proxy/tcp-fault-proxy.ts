import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type Direction, DIRECTIONS, goodLine, healLine } from './line-conditions';
import { ProxiedConnection } from './proxied-connection';

const HOST = '127.0.0.1';

export interface TcpFaultProxyOptions {
  /** `host:port` of the server behind it. */
  readonly target: string;
  /** Default: a free one. */
  readonly port?: number;
  /** For the jitter, from 0 to below 1. Default `Math.random`. */
  readonly random?: () => number;
}

export interface Latency {
  readonly ms: number;
  /** Default 0. */
  readonly jitterMs?: number;
  /** Default: both. */
  readonly direction?: Direction;
}

/**
 * A TCP line that can be made bad. It forwards bytes and knows no protocol. Faults add up and stay until `heal`, but
 * `reset` and `halfClose`, which hit the connections of that moment, and the counted ones, which wear out.
 */
export class TcpFaultProxy {
  private readonly line = goodLine();
  private readonly open = new Set<ProxiedConnection>();
  private server: Server | null = null;
  private boundPort = 0;

  private constructor(
    private readonly targetHost: string,
    private readonly targetPort: number,
    private readonly random: () => number,
  ) {}

  /** Resolves when it listens. @throws where `target` is not `host:port`, or the port is taken */
  static async start(options: TcpFaultProxyOptions): Promise<TcpFaultProxy> {
    const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(options.target) ?? [];
    if (host === '') throw new Error(`the target must be host:port, not ${options.target}`);
    const proxy = new TcpFaultProxy(host, Number(port), options.random ?? Math.random);
    proxy.boundPort = options.port ?? 0;
    await proxy.listen();
    return proxy;
  }

  /** On the loopback address; it stays the same also while connections are refused. */
  get port(): number {
    return this.boundPort;
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.open.size;
  }

  /** Delays what arrives from now on. */
  latency({ ms, jitterMs = 0, direction }: Latency): void {
    for (const shape of this.shapes(direction)) Object.assign(shape, { latencyMs: ms, jitterMs });
  }

  /** Narrows each connection to so many bytes a second in each of the directions. */
  bandwidth(bytesPerSecond: number, direction?: Direction): void {
    for (const shape of this.shapes(direction)) shape.bytesPerSecond = bytesPerSecond;
  }

  /** Takes everything and forwards nothing, not even the end of a connection. What was taken is lost. */
  blackhole(): void {
    this.line.isBlackholed = true;
  }

  /**
   * "Executed, but unanswered": lets requests through, swallows the next `count` replies (as TCP delivers them, so a
   * pipeline counts as one) and resets their connections.
   * @param afterRequest spare all replies but those to requests that contain this text
   */
  dropReplies(count: number, afterRequest: string | null = null): void {
    this.line.droppedReplies = { remaining: count, afterRequest };
  }

  /**
   * Ends the next connection with traffic in this direction after so many more bytes of it.
   * @param afterRequest wait for a connection on which a request with this text passes, and count from there
   */
  cutAfter(bytes: number, direction: Direction = 'replies', afterRequest: string | null = null): void {
    this.line.cuts.push({ direction, bytes, afterRequest });
  }

  /** RST on all open connections. */
  reset(): void {
    for (const connection of this.open) connection.reset();
  }

  /** FIN on all open connections: their readers in this direction see the end, the others may continue. */
  halfClose(direction: Direction = 'replies'): void {
    for (const connection of this.open) connection.halfClose(direction);
  }

  /** Does not listen any more; open connections stay open. */
  refuse(): void {
    this.server?.close();
    this.server = null;
  }

  /** A good line again; connections that lost bytes meanwhile are reset. */
  async heal(): Promise<void> {
    healLine(this.line);
    for (const connection of this.open) connection.resetIfBroken();
    if (!this.server) await this.listen();
  }

  /** Ends all connections and stops listening; safe to repeat. */
  async close(): Promise<void> {
    const { server } = this;
    this.refuse();
    this.reset();
    if (server?.listening) await once(server, 'close');
  }

  private shapes(direction: Direction | undefined) {
    return (direction ? [direction] : DIRECTIONS).map((one) => this.line[one]);
  }

  private async listen(): Promise<void> {
    // Half-open sockets, since an end of stream is passed on by the pipe, after what came before it.
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.accept(client));
    server.listen(this.boundPort, HOST);
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
    this.boundPort = address.port;
    this.server = server;
  }

  private accept(client: Socket): void {
    const server = connect({ host: this.targetHost, port: this.targetPort, noDelay: true, allowHalfOpen: true });
    const connection = new ProxiedConnection(client, server, this.line, this.random);
    this.open.add(connection);
    let openSockets = 2;
    for (const socket of [client, server]) {
      socket.once('close', () => {
        if (--openSockets === 0) this.open.delete(connection);
      });
    }
  }
}
