import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const SILENCE_TIMEOUT_MS = 15_000;

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A TCP connection, for requests that no HTTP client would send. */
export class RawConnection {
  private received = '';

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => (this.received += chunk));
  }

  static async open(baseUrl: string): Promise<RawConnection> {
    const { hostname, port } = new URL(baseUrl);
    const socket = connect({ host: hostname, port: Number(port) });
    await once(socket, 'connect');
    socket.setTimeout(SILENCE_TIMEOUT_MS, () => socket.destroy(new Error('the server fell silent')));
    return new RawConnection(socket);
  }

  write(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  /** Waits for an interim answer such as 100 Continue and takes it off. */
  async interim(): Promise<RawAnswer> {
    while (!this.received.includes('\r\n\r\n')) await once(this.socket, 'data');
    const end = this.received.indexOf('\r\n\r\n') + 4;
    const answer = parseAnswer(this.received.slice(0, end));
    this.received = this.received.slice(end);
    return answer;
  }

  /** Waits until the server has closed the connection; the request has to ask for that. */
  async lastAnswer(): Promise<RawAnswer> {
    // A server that refuses a request may close while the rest of it is still being written.
    this.socket.on('error', () => undefined);
    if (!this.socket.closed) await once(this.socket, 'close');
    return parseAnswer(this.received);
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Sends bytes over a connection of their own and waits until the server closes it. */
export async function sendRaw(baseUrl: string, bytes: string | Buffer): Promise<RawAnswer> {
  const connection = await RawConnection.open(baseUrl);
  connection.write(bytes);
  return connection.lastAnswer();
}

/** @throws where it is no HTTP, or nothing at all */
function parseAnswer(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const status = /^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1];
  if (status === undefined) throw new Error(`not an answer: ${JSON.stringify(text.slice(0, 200))}`);
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { status: Number(status), headers, body: text.slice(end + 4) };
}
