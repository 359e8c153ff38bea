import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { waitFor } from '../processes/wait-for';
import { TcpFaultProxy } from './tcp-fault-proxy';

/** Says "+" and what it received, and remembers it. */
class EchoServer {
  readonly received: string[] = [];
  readonly sockets: Socket[] = [];
  ended = 0;
  private readonly server: Server = createServer({ allowHalfOpen: true }, (socket) => this.serve(socket));

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
    return `127.0.0.1:${address.port}`;
  }

  stop(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private serve(socket: Socket): void {
    this.sockets.push(socket);
    socket.on('error', () => {
      // A reset is what these tests are about.
    });
    socket.on('end', () => this.ended++);
    socket.on('data', (chunk: Buffer) => {
      this.received.push(`${chunk}`);
      socket.write(`+${chunk}`);
    });
  }
}

/** A client that remembers all that happens to it. */
class Client {
  received = '';
  end: 'open' | 'ended' | 'closed' | 'reset' = 'open';
  readonly socket: Socket;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.socket.on('data', (chunk: Buffer) => (this.received += `${chunk}`));
    this.socket.on('end', () => (this.end = 'ended'));
    this.socket.on(
      'error',
      (error: NodeJS.ErrnoException) => (this.end = error.code === 'ECONNRESET' ? 'reset' : 'closed'),
    );
  }

  say(text: string): void {
    this.socket.write(text);
  }

  async hears(text: string): Promise<void> {
    await waitFor(() => this.received === text, { description: `to hear ${text}, not ${this.received}` });
  }

  async sees(end: Client['end']): Promise<void> {
    await waitFor(() => this.end === end, { description: `the connection to be ${end}` });
  }
}

// A delay has no other proof than its length. Only lower bounds are asserted, which a busy machine cannot break.
describe('TcpFaultProxy', () => {
  const clients: Client[] = [];
  let server: EchoServer;
  let proxy: TcpFaultProxy;

  const newClient = (): Client => {
    const client = new Client(proxy.port);
    clients.push(client);
    return client;
  };

  const talkingClient = async (): Promise<Client> => {
    const client = newClient();
    client.say('hello');
    await client.hears('+hello');
    client.received = '';
    server.received.length = 0;
    return client;
  };

  beforeEach(async () => {
    server = new EchoServer();
    proxy = await TcpFaultProxy.start({ target: await server.start(), random: () => 0.5 });
  });

  afterEach(async () => {
    for (const { socket } of clients.splice(0)) socket.destroy();
    await proxy.close();
    server.stop();
  });

  it('passes both directions on when nothing is wrong', async () => {
    const client = newClient();

    client.say('one');

    await client.hears('+one');
    expect(server.received).toEqual(['one']);
    expect(proxy.connections).toBe(1);
  });

  it('passes the end of a client on and forgets the connection', async () => {
    const client = await talkingClient();

    client.socket.end();
    await waitFor(() => server.ended === 1, { description: 'the server to see the end' });
    server.sockets[0]?.end();

    await client.sees('ended');
    await waitFor(() => proxy.connections === 0, { description: 'the connection to be forgotten' });
  });

  it('delays by latency and jitter, and keeps the order', async () => {
    const client = await talkingClient();
    proxy.latency({ ms: 60, jitterMs: 40, direction: 'replies' });
    const start = performance.now();

    for (const digit of '12345') {
      client.say(digit);
      await waitFor(() => server.received.join('').endsWith(digit), { description: `the server to get ${digit}` });
    }
    await client.hears('+1+2+3+4+5');
    expect(performance.now() - start).toBeGreaterThanOrEqual(80);
  });

  it('lets through no more than the bandwidth', async () => {
    const client = await talkingClient();
    proxy.bandwidth(10_000, 'requests');
    const start = performance.now();

    client.say('x'.repeat(2_000));

    await waitFor(() => server.received.join('').length === 2_000, { description: 'all bytes' });
    expect(performance.now() - start).toBeGreaterThanOrEqual(190);
  });

  it('forwards nothing and says nothing while it is a black hole', async () => {
    const client = await talkingClient();
    const other = await talkingClient();
    proxy.blackhole();

    client.say('lost');
    other.socket.end();
    const newcomer = newClient();
    newcomer.say('lost, too');
    await once(newcomer.socket, 'connect');
    await waitFor(() => newcomer.socket.bytesWritten === 9, { description: 'the bytes to be taken' });

    expect(server.received).toEqual([]);
    expect(server.ended).toBe(0);
    expect([client.end, newcomer.end]).toEqual(['open', 'open']);
  });

  it('resets what had lost bytes and serves again when a black hole is healed', async () => {
    const client = await talkingClient();
    const silent = await talkingClient();
    proxy.blackhole();
    client.say('lost');
    server.sockets[0]?.write('lost, too');
    await proxy.heal();
    // Whether the bytes came before or after the healing is a race: both ends are fine, silence is not.
    client.socket.on('data', () => undefined);
    silent.say('still here');

    await silent.hears('+still here');
    await (await talkingClient()).sees('open');
  });

  it('swallows the reply of an executed request and resets its connection', async () => {
    const client = await talkingClient();
    const other = await talkingClient();
    proxy.dropReplies(1, 'EXECUTE');

    other.say('PING');
    await other.hears('+PING');
    client.say('EXECUTE');

    await client.sees('reset');
    expect(server.received).toEqual(['PING', 'EXECUTE']);
    expect(client.received).toBe('');
  });

  it('swallows as many replies as it was ordered to, whatever they answer', async () => {
    const [first, second] = [await talkingClient(), await talkingClient()];
    proxy.dropReplies(2);

    first.say('one');
    second.say('two');

    await Promise.all([first.sees('reset'), second.sees('reset')]);
    await talkingClient();
  });

  it('cuts a reply in the middle', async () => {
    const client = await talkingClient();
    proxy.cutAfter(3);

    client.say('abcdef');

    await client.sees('ended');
    expect(client.received).toBe('+ab');
    expect(server.received).toEqual(['abcdef']);
  });

  it('cuts a request in the middle', async () => {
    const client = await talkingClient();
    proxy.cutAfter(3, 'requests');

    client.say('abcdef');

    await waitFor(() => client.end !== 'open', { description: 'the client to notice' });
    expect(server.received).toEqual(['abc']);
  });

  it('cuts the reply to a certain request, and no other', async () => {
    const client = await talkingClient();
    const other = await talkingClient();
    proxy.cutAfter(3, 'replies', 'EXECUTE');

    other.say('PING');
    await other.hears('+PING');
    client.say('EXECUTE');

    await client.sees('ended');
    expect(client.received).toBe('+EX');
    expect(server.received).toEqual(['PING', 'EXECUTE']);
  });

  it('cuts a certain request, and no other', async () => {
    const client = await talkingClient();
    const other = await talkingClient();
    proxy.cutAfter(3, 'requests', 'EXECUTE');

    other.say('PING');
    await other.hears('+PING');
    client.say('EXECUTE');

    await waitFor(() => server.ended === 1, { description: 'the server to see the end' });
    expect(server.received).toEqual(['PING', 'EXE']);
  });

  it('resets all connections, and takes new ones', async () => {
    const [first, second] = [await talkingClient(), await talkingClient()];

    proxy.reset();

    await Promise.all([first.sees('reset'), second.sees('reset')]);
    await talkingClient();
  });

  it('closes one direction only when it half-closes', async () => {
    const client = await talkingClient();

    proxy.halfClose('replies');
    await client.sees('ended');
    client.say('one more');

    await waitFor(() => server.received.includes('one more'), { description: 'the server to hear it' });
  });

  it('refuses new connections only, until it is healed', async () => {
    const client = await talkingClient();
    const { port } = proxy;
    proxy.refuse();

    await newClient().sees('closed');
    client.say('still');
    await client.hears('+still');

    await proxy.heal();
    expect(proxy.port).toBe(port);
    await talkingClient();
  });

  it('resets its client when nobody listens behind it', async () => {
    server.stop();

    await newClient().sees('reset');
  });

  it('throws when the target has no port', async () => {
    await expect(TcpFaultProxy.start({ target: 'localhost' })).rejects.toThrow('must be host:port');
  });
});
