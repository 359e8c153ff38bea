import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

const MASTER_NAME = 'smart-router';

/**
 * A fake of one sentinel, with answers that a real one gives only at unlucky moments: late, wrong, none. It speaks RESP 2 as
 * far as a client needs it to find a master and to hear of its replacement.
 */
export class FakeSentinel {
  readonly masterName = MASTER_NAME;
  /** What it says when it is asked for the master; `null` for none. */
  master: readonly [host: string, port: string] | readonly [] | null;
  /** How long it keeps whoever asks for the master waiting. */
  delayMs = 0;
  /** How often it was asked for the master. */
  questions = 0;
  private readonly sockets = new Set<Socket>();
  private readonly subscribers = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    masterPort: number,
  ) {
    this.master = ['127.0.0.1', String(masterPort)];
  }

  static async start(masterPort: number): Promise<FakeSentinel> {
    const server = createServer();
    const sentinel = new FakeSentinel(server, masterPort);
    server.on('connection', (socket) => sentinel.serve(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return sentinel;
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How many connections wait for `+switch-master`. */
  get listeners(): number {
    return this.subscribers.size;
  }

  /** Announces to all that the master was replaced, whatever it answers to questions. */
  announceSwitch(): void {
    const message = `${MASTER_NAME} 127.0.0.1 1 127.0.0.1 2`;
    for (const socket of this.subscribers) socket.write(array(['message', '+switch-master', message].map(bulk)));
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private serve(socket: Socket): void {
    let received = '';
    this.sockets.add(socket);
    socket.setEncoding('utf8');
    socket.on('error', () => undefined);
    socket.on('close', () => [this.sockets, this.subscribers].forEach((set) => set.delete(socket)));
    socket.on('data', (chunk: string) => {
      received += chunk;
      for (let next = takeCommand(received); next; next = takeCommand(received)) {
        received = next.rest;
        this.execute(socket, next.words);
      }
    });
  }

  private execute(socket: Socket, [name = '', ...args]: readonly string[]): void {
    const command = `${name} ${args[0] ?? ''}`.toLowerCase().trim();
    if (command === 'sentinel get-master-addr-by-name') this.answerMaster(socket);
    else if (command === 'sentinel sentinels') socket.write(array([]));
    else if (name.toLowerCase() === 'subscribe') this.subscribe(socket, args);
    else if (name.toLowerCase() === 'hello') socket.write("-ERR unknown command 'HELLO'\r\n");
    else socket.write('+OK\r\n');
  }

  private subscribe(socket: Socket, channels: readonly string[]): void {
    this.subscribers.add(socket);
    channels.forEach((channel, at) => socket.write(array([bulk('subscribe'), bulk(channel), `:${at + 1}\r\n`])));
  }

  private answerMaster(socket: Socket): void {
    this.questions++;
    setTimeout(() => socket.write(this.master === null ? '*-1\r\n' : array(this.master.map(bulk))), this.delayMs);
  }
}

/** The first whole command of the text; `null` while there is none. */
function takeCommand(text: string): { readonly words: readonly string[]; readonly rest: string } | null {
  const lines = text.split('\r\n');
  const count = Number(lines[0]?.slice(1));
  if (!text.startsWith('*') || lines.length <= 2 * count + 1) return null;
  const words = lines.slice(1, 2 * count + 1).filter((_, at) => at % 2 === 1);
  return { words, rest: lines.slice(2 * count + 1).join('\r\n') };
}

const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const array = (items: readonly string[]): string => `*${items.length}\r\n${items.join('')}`;
