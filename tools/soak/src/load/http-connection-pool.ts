import { Agent, request } from 'node:http';

/** Longer than the request deadline of the product: a client that waits less does not see what it promises. */
const ANSWER_TIMEOUT_MS = 5_000;

export type HttpAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly text: string }
  /** Nobody listened: the request was not sent at all. */
  | { readonly kind: 'not-sent' }
  | { readonly kind: 'no-answer' };

/**
 * Keep-alive connections to one process, for load: a request is sent once, and whether it was sent at all is known. No
 * client that repeats or hides something will do.
 */
export class HttpConnectionPool {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 100 });

  constructor(private readonly baseUrl: string) {}

  post(path: string, contentType: string, body: string): Promise<HttpAnswer> {
    return new Promise((resolve) => {
      const headers = { 'content-type': contentType, 'content-length': Buffer.byteLength(body) };
      const sent = request(this.baseUrl + path, { method: 'POST', headers, agent: this.agent }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('error', () => resolve({ kind: 'no-answer' }));
        response.on('end', () => resolve({ kind: 'answer', status: response.statusCode ?? 0, text }));
      });
      sent.setTimeout(ANSWER_TIMEOUT_MS, () => sent.destroy());
      sent.on('error', (error: NodeJS.ErrnoException) =>
        resolve({ kind: error.code === 'ECONNREFUSED' ? 'not-sent' : 'no-answer' }),
      );
      // An answer that was cut off emits neither 'end' nor, always, 'error'.
      sent.on('close', () => resolve({ kind: 'no-answer' }));
      sent.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
