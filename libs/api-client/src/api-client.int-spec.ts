import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerOf, createApiClient } from './api-client';

let server: Server;
let baseUrl: string;
let connections = 0;

/** `/api/v1/status` hangs, `/api/v1/pods` begins an answer and hangs, anything else is cut. */
beforeAll(async () => {
  server = createServer(({ socket, url = '' }, response) => {
    if (url.startsWith('/api/v1/pods')) response.writeHead(200, { 'content-type': 'application/json' }).write('{');
    else if (!url.startsWith('/api/v1/status')) socket.destroy();
  });
  server.on('connection', () => connections++);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('a client on the network', () => {
  it.each(['/api/v1/status', '/api/v1/pods'] as const)('gives up when %s is not answered in time', async (path) => {
    const client = createApiClient({ baseUrl, timeoutMs: 200 });
    await expect(answerOf(client.GET(path))).rejects.toMatchObject({
      ...{ name: 'UnreachableError', reason: 'timeout' },
      message: `${baseUrl} did not answer within 200 ms`,
    });
  });

  it('repeats a GET whose connection is cut, and says so in the end', async () => {
    const before = connections;
    const client = createApiClient({ baseUrl, retryDelayMs: 1 });
    await expect(answerOf(client.GET('/api/v1/calls'))).rejects.toMatchObject({ reason: 'connection' });
    expect(connections - before).toBe(3);
  });

  it('names the port that nobody listens on', async () => {
    const client = createApiClient({ baseUrl: 'http://127.0.0.1:1', retries: 0 });
    await expect(answerOf(client.GET('/api/v1/status'))).rejects.toMatchObject({
      reason: 'connection',
      message: expect.stringMatching(/^cannot reach http:\/\/127\.0\.0\.1:1: .+/),
    });
  });
});
