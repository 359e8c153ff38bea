import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { ApiTransport, TransportAnswer, TransportRequest } from '../api/api-transport';
import type { ApiAccess, ApiCredentials, TlsAccess } from './api-access';

/** An unused connection is closed before servers and balancers in between do so. */
const IDLE_MS = 30_000;

/** HTTP over Node's own client, so that each connection can be watched and ended. */
export class HttpTransport implements ApiTransport {
  private readonly httpAgent = new HttpAgent({ keepAlive: true, timeout: IDLE_MS });
  private httpsAgent: { readonly agent: HttpsAgent; readonly madeFor: string } | null = null;

  constructor(private readonly credentials: ApiCredentials) {}

  async send(request: TransportRequest, signal: AbortSignal): Promise<TransportAnswer> {
    const access = await this.credentials.read();
    signal.throwIfAborted();
    const answer = await this.exchange(access, request, signal);
    const status = answer.statusCode ?? 0;
    if (status === 401) this.credentials.reject();
    return { status, retryAfter: answer.headers['retry-after'] ?? null, body: answer };
  }

  /** Closes idle connections. */
  close(): void {
    this.httpAgent.destroy();
    this.httpsAgent?.agent.destroy();
  }

  private exchange(access: ApiAccess, request: TransportRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const { body, contentType, method, path } = request;
    const url = new URL(access.baseUrl + path);
    const plain = url.protocol === 'http:';
    const headers = {
      accept: 'application/json',
      'user-agent': 'smart-router',
      ...access.headers,
      ...(body !== null && { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }),
    };
    const agent = access.agent ?? (plain ? this.httpAgent : this.agentFor(access.tls));
    return new Promise((resolve, reject) => {
      const sent = (plain ? httpRequest : httpsRequest)(url, { method, headers, agent, signal }, resolve);
      // Stays there for what goes wrong after the answer began, which the body's reader sees.
      sent.on('error', reject);
      sent.end(body ?? undefined);
    });
  }

  /** Kept until the certificates are replaced, so that connections are used again. */
  private agentFor(tls: TlsAccess): HttpsAgent {
    const madeFor = JSON.stringify([tls.ca, tls.cert, tls.key, tls.servername, tls.rejectUnauthorized].map(String));
    if (this.httpsAgent?.madeFor === madeFor) return this.httpsAgent.agent;
    // Connections in use stay; those that are idle are closed by their own time limit.
    this.httpsAgent = { agent: new HttpsAgent({ ...tls, keepAlive: true, timeout: IDLE_MS }), madeFor };
    return this.httpsAgent.agent;
  }
}
