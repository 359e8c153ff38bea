import type { ApiTransport, TransportAnswer, TransportRequest } from '../api/api-transport';

/** The body of an answer, as a test sends it. */
export class FakeBody implements AsyncIterable<Uint8Array> {
  private readonly queue: (Uint8Array | Error | null)[] = [];
  private wake: () => void = () => undefined;

  constructor(signal: AbortSignal) {
    signal.addEventListener('abort', () => this.fail(new Error('aborted')), { once: true });
  }

  send(text: string): void {
    this.put(Buffer.from(text));
  }

  /** One line of a watch. */
  event(type: string, object: unknown): void {
    this.send(`${JSON.stringify({ type, object })}\n`);
  }

  end(): void {
    this.put(null);
  }

  fail(error: Error): void {
    this.put(error);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      const next = this.queue.shift();
      if (next === undefined) await new Promise<void>((resolve) => (this.wake = resolve));
      else if (next === null) return;
      else if (next instanceof Error) throw next;
      else yield next;
    }
  }

  private put(item: Uint8Array | Error | null): void {
    this.queue.push(item);
    this.wake();
  }
}

export interface FakeCall {
  readonly request: TransportRequest;
  readonly query: URLSearchParams;
  readonly body: FakeBody;
  readonly signal: AbortSignal;
  answer(status?: number, retryAfter?: string): void;
  fail(error: Error): void;
}

/** Keeps every request until a test answers it. */
export class FakeTransport implements ApiTransport {
  readonly calls: FakeCall[] = [];

  send(request: TransportRequest, signal: AbortSignal): Promise<TransportAnswer> {
    return new Promise((resolve, reject) => {
      const body = new FakeBody(signal);
      const query = new URL(request.path, 'http://fake').searchParams;
      const answer = (status = 200, retryAfter: string | null = null): void => resolve({ status, retryAfter, body });
      signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      this.calls.push({ request, query, body, signal, answer, fail: reject });
    });
  }

  /** The latest request. */
  get last(): FakeCall {
    const call = this.calls.at(-1);
    if (!call) throw new Error('there was no call');
    return call;
  }

  /** Answers the latest request as a whole. */
  reply(body: unknown, status = 200, retryAfter?: string): void {
    const { last } = this;
    last.answer(status, retryAfter);
    last.body.send(typeof body === 'string' ? body : JSON.stringify(body));
    last.body.end();
  }
}
