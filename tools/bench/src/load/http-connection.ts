import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type HttpAnswer, parseAnswer } from './http-answer';

interface Waiting {
  readonly resolve: (answer: HttpAnswer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A kept connection that carries one request at a time. It knows no more of HTTP than the servers here speak, so that
 * the generator takes as little as possible of the processors that it shares with what it measures.
 */
export class HttpConnection {
  private received = '';
  private waiting: Waiting | null = null;
  private socket: Socket | null = null;

  constructor(private readonly port: number) {}

  /** Sends a whole request; opens the connection where there is none, or where the server has closed the last one. */
  async exchange(request: string): Promise<HttpAnswer> {
    const socket = this.socket ?? (await this.open());
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      socket.write(request);
    });
  }

  close(): void {
    this.socket?.destroy();
    this.socket = null;
  }

  private async open(): Promise<Socket> {
    const socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => this.take(socket, chunk));
    socket.on('error', (error) => this.fail(socket, error));
    socket.on('close', () => this.fail(socket, new Error('the server closed the connection')));
    this.socket = socket;
    return socket;
  }

  private take(socket: Socket, chunk: string): void {
    this.received = this.received === '' ? chunk : this.received + chunk;
    try {
      const answer = parseAnswer(this.received);
      if (answer !== null) this.finish(answer);
    } catch (error) {
      socket.destroy(error as Error);
    }
  }

  private finish(answer: HttpAnswer): void {
    this.received = '';
    if (answer.closes) this.close();
    const { waiting } = this;
    this.waiting = null;
    waiting?.resolve(answer);
  }

  private fail(socket: Socket, error: Error): void {
    // An older socket that the server has closed after its last answer.
    if (socket !== this.socket) return;
    this.socket = null;
    const { waiting } = this;
    this.waiting = null;
    waiting?.reject(error);
  }
}
