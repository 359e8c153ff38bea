import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One pod behind a Service. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Asked again and again; an error means "no". */
  isReady(): Promise<boolean>;
  /** `true` from the moment in which it was asked to end. */
  readonly isStopping: boolean;
}

const LOOK_MS = 250;

/**
 * A Service of Kubernetes: gives each new connection to a pod that is ready, in turn. It knows no protocol, and leaves
 * the connections of a pod that ends to that pod.
 */
export class Service {
  private readonly ready = new Set<Endpoint>();
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly stopped = new AbortController();
  private next = 0;

  /** @param endpoints may change while it runs */
  constructor(private readonly endpoints: readonly Endpoint[]) {}

  /** May be called for several addresses. @throws where one is taken */
  async listen(host: string, port: number): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, (client) => this.forward(client));
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    this.servers.push(server);
  }

  /** Looks which pods are ready, until it is closed. */
  async follow(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      await Promise.all(this.endpoints.map((endpoint) => this.look(endpoint)));
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** The pod for the next connection. `null`: none is ready. */
  pick(): Endpoint | null {
    const [endpoint = null] = this.inTurn();
    return endpoint;
  }

  close(): void {
    this.stopped.abort();
    for (const server of this.servers) server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private async look(endpoint: Endpoint): Promise<void> {
    const isReady = !endpoint.isStopping && (await endpoint.isReady().catch(() => false));
    if (isReady) this.ready.add(endpoint);
    else this.ready.delete(endpoint);
  }

  private inTurn(): Endpoint[] {
    const ready = [...this.ready].filter(({ isStopping }) => !isStopping);
    const first = this.next++ % Math.max(1, ready.length);
    return [...ready.slice(first), ...ready.slice(0, first)];
  }

  private forward(client: Socket): void {
    this.keep(client);
    this.connect(client, this.inTurn());
  }

  /** Tries one after the other, as the client would that is refused. */
  private connect(client: Socket, [endpoint, ...others]: readonly Endpoint[]): void {
    if (!endpoint) return void client.resetAndDestroy();
    const pod = connect({ host: endpoint.host, port: endpoint.port, allowHalfOpen: true, noDelay: true });
    const refused = (): void => this.connect(client, others);
    pod.once('error', refused);
    pod.once('connect', () => {
      pod.off('error', refused);
      this.keep(pod);
      client.setNoDelay(true);
      client.pipe(pod).pipe(client);
      client.once('close', () => pod.destroy());
      pod.once('close', () => client.destroy());
    });
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    // A connection that breaks is closed, which is all that is to be done.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.sockets.delete(socket));
  }
}
