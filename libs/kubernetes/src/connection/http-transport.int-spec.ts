import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiAccess, ApiCredentials } from './api-access';
import { HttpTransport } from './http-transport';

class FakeCredentials implements ApiCredentials {
  rejected = 0;

  constructor(private readonly access: ApiAccess) {}

  async read(): Promise<ApiAccess> {
    return this.access;
  }

  reject(): void {
    this.rejected++;
  }
}

const GET = { method: 'GET', path: '/api?x=1', body: null, contentType: 'application/json' };

describe('HttpTransport', () => {
  let server: Server;
  let credentials: FakeCredentials;
  let transport: HttpTransport;
  let answer: RequestListener;
  const stopping = () => new AbortController();

  beforeEach(async () => {
    server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    credentials = new FakeCredentials({ baseUrl, headers: { authorization: 'Bearer a' }, tls: {}, agent: null });
    transport = new HttpTransport(credentials);
  });

  afterEach(async () => {
    transport.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  it('sends method, path, body and credentials, and gives the answer', async () => {
    answer = (request, response) => {
      const seen = [request.method, request.url, request.headers.authorization, request.headers['content-type']];
      request.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
      request.on('end', () => response.writeHead(429, { 'retry-after': '3' }).end(seen.join(' ')));
    };
    const request = { method: 'PATCH', path: '/p', body: '{}', contentType: 'application/merge-patch+json' };
    const { body, retryAfter, status } = await transport.send(request, stopping().signal);
    expect({ status, retryAfter }).toEqual({ status: 429, retryAfter: '3' });
    expect(await textOf(body)).toBe('PATCH /p Bearer a application/merge-patch+json {}');
  });

  it('uses a connection again', async () => {
    const ports = new Set<number | undefined>();
    answer = (request, response) => {
      ports.add(request.socket.remotePort);
      response.end('{}');
    };
    for (let i = 0; i < 3; i++) await textOf((await transport.send(GET, stopping().signal)).body);
    expect(ports.size).toBe(1);
  });

  it('informs its credentials when they were refused', async () => {
    answer = (_, response) => response.writeHead(401).end();
    await textOf((await transport.send(GET, stopping().signal)).body);
    expect(credentials.rejected).toBe(1);
  });

  it('closes the connection when it is aborted in the middle of the answer', async () => {
    const closed = new Promise((resolve) => {
      answer = (request, response) => {
        request.socket.once('close', resolve);
        response.write('half');
      };
    });
    const caller = stopping();
    const { body } = await transport.send(GET, caller.signal);
    const reading = textOf(body).catch(() => 'aborted');
    caller.abort();
    expect(await reading).toBe('aborted');
    await closed;
  });

  it('fails when the connection breaks in the middle of the answer', async () => {
    answer = (request, response) => {
      response.write('half');
      setImmediate(() => request.socket.resetAndDestroy());
    };
    const { body } = await transport.send(GET, stopping().signal);
    await expect(textOf(body)).rejects.toThrow();
  });

  it('fails when nothing listens', async () => {
    const baseUrl = 'http://127.0.0.1:1';
    const unreachable = new HttpTransport(new FakeCredentials({ baseUrl, headers: {}, tls: {}, agent: null }));
    await expect(unreachable.send(GET, stopping().signal)).rejects.toThrow('ECONNREFUSED');
  });
});
