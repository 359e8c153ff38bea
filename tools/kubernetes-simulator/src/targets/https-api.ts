import { Agent, request as httpsRequest } from 'node:https';
import { type KubernetesApi, KubernetesApiError } from './kubernetes-api';

interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

/** Asks a real API server with a bearer token. */
export class HttpsApi implements KubernetesApi {
  private readonly agent: Agent;

  constructor(
    private readonly url: string,
    private readonly token: string,
    certificateAuthority: string,
  ) {
    this.agent = new Agent({ ca: certificateAuthority, keepAlive: true });
  }

  async request<T>(method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<T> {
    const { status, text } = await this.send(method, path, body === undefined ? '' : JSON.stringify(body), contentType);
    const answer: unknown = text.startsWith('{') ? JSON.parse(text) : text;
    if (status < 200 || status > 299) throw new KubernetesApiError(status, answer, `${method} ${path}`);
    return answer as T;
  }

  /** Closes its connections, which a server that went away has broken. */
  close(): void {
    this.agent.destroy();
  }

  private send(method: string, path: string, body: string, contentType: string): Promise<RawAnswer> {
    const headers = {
      authorization: `Bearer ${this.token}`,
      accept: 'application/json',
      ...(body !== '' && { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }),
    };
    return new Promise((resolve, reject) => {
      const request = httpsRequest(`${this.url}${path}`, { method, headers, agent: this.agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  }
}
