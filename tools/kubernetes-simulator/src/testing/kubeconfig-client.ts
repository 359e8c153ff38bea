import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { WatchReader } from './watch-reader';

interface Kubeconfig {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data'?: string };
  }[];
  readonly users: readonly { readonly user: { readonly token?: string } }[];
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Parsed where it is JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever field it is about
  readonly body: any;
}

export interface SendOptions {
  readonly body?: unknown;
  /** Default: JSON. */
  readonly contentType?: string;
  /** Default: that of the kubeconfig. */
  readonly token?: string;
}

/** Bare HTTP against the server of a kubeconfig, so that a test sees what is on the line. */
export class KubeconfigClient {
  private readonly server: string;
  private readonly authority: Buffer | undefined;
  private readonly token: string | undefined;
  private readonly watches: WatchReader[] = [];

  /** @param kubeconfig JSON, as targets give it */
  constructor(kubeconfig: string) {
    const config = JSON.parse(kubeconfig) as Kubeconfig;
    const cluster = config.clusters[0]?.cluster;
    const authority = cluster?.['certificate-authority-data'];
    this.server = cluster?.server ?? '';
    this.authority = authority === undefined ? undefined : Buffer.from(authority, 'base64');
    this.token = config.users[0]?.user.token;
  }

  send(method: string, path: string, options: SendOptions = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = this.open(method, path, options);
      request.on('error', reject);
      request.on('response', (response: IncomingMessage) => {
        readText(response).then((text) => {
          const body: unknown = text.startsWith('{') ? JSON.parse(text) : text;
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        }, reject);
      });
    });
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  /** Resolves when the server has accepted it. @throws Error with the body where it has not */
  watch(path: string): Promise<WatchReader> {
    return new Promise((resolve, reject) => {
      const request = this.open('GET', `${path}${path.includes('?') ? '&' : '?'}watch=true`, {});
      request.on('error', reject);
      request.on('response', (response: IncomingMessage) => {
        if (response.statusCode !== 200) {
          readText(response).then((text) => reject(new Error(`${response.statusCode} ${text}`)), reject);
          return;
        }
        const watch = new WatchReader(response);
        this.watches.push(watch);
        resolve(watch);
      });
    });
  }

  /** Ends its watches. */
  close(): void {
    for (const watch of this.watches) watch.close();
  }

  private open(method: string, path: string, { body, contentType, token = this.token }: SendOptions): ClientRequest {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = {
      accept: 'application/json',
      connection: 'close',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(text !== '' && {
        'content-type': contentType ?? 'application/json',
        'content-length': Buffer.byteLength(text),
      }),
    };
    const url = `${this.server}${path}`;
    const request = url.startsWith('https:')
      ? httpsRequest(url, { method, headers, agent: false, ca: this.authority })
      : httpRequest(url, { method, headers, agent: false });
    request.end(text);
    return request;
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
