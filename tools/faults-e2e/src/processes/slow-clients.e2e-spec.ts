import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type AppProcess, PATIENT_LIMITS, sendRequest, startApp, waitFor } from '@smart-router/testbed';

const IDLE_SOCKETS = 2000;
/** The largest answer that the app has, so large that it does not fit between the two ends of a connection. */
const LARGE = '/docs/swagger-ui-bundle.js';

const ENV = { ...PATIENT_LIMITS, HTTP_HOST: '127.0.0.1' };

/** Also where the server resets the connection. */
function closeOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

describe('clients that are slow', () => {
  let app: AppProcess;
  let sockets: Socket[] = [];

  afterEach(async () => {
    sockets.forEach((socket) => socket.destroy());
    sockets = [];
    await app?.kill();
  });

  async function open(url: string, bytes = ''): Promise<Socket> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    // A server that cuts a connection off may reset it.
    socket.on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    socket.write(bytes);
    return socket;
  }

  it.each([
    ['say nothing', ''],
    ['send half of a head', 'POST /api/v1/allocate HTTP/1.1\r\nHost: a\r\nX-Slow: '],
    ['send half of a body', 'POST /api/v1/allocate HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"call_sid":'],
  ])(`keep nobody from a pod when 2000 of them %s, and are cut off`, async (_, bytes) => {
    app = await startApp('smart-router', { ...ENV, HTTP_RECEIVE_TIMEOUT: '5s' });
    const closed: Promise<unknown>[] = [];
    for (let index = 0; index < IDLE_SOCKETS; index++) {
      const socket = await open(app.baseUrl, bytes);
      closed.push(closeOf(socket.resume()));
    }

    const statuses: number[] = [];
    for (let index = 0; index < 20; index++) {
      statuses.push((await app.api.allocate('slow-1')).status, (await app.api.release('slow-1')).status);
    }
    expect(new Set(statuses)).toEqual(new Set([200]));
    await Promise.all(closed);
  });

  it('is cut off in the middle of an answer that it does not read', async () => {
    app = await startApp('smart-router', { ...ENV, HTTP_IDLE_TIMEOUT: '3s', HTTP_MAX_CONNECTIONS: '1' });
    const request = `GET ${LARGE} HTTP/1.1\r\nHost: a\r\n\r\n`;
    const reader = await open(app.baseUrl, request.repeat(10));
    reader.pause();
    const { hostname, port } = new URL(app.baseUrl);
    const isServed = async (): Promise<boolean> => {
      const socket = connect({ host: hostname, port: Number(port) });
      socket.on('error', () => undefined);
      sockets.push(socket);
      socket.end('GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      let answer = '';
      socket.on('data', (data: Buffer) => (answer += data.toString()));
      await closeOf(socket);
      return answer.includes('200 OK');
    };
    expect(await isServed()).toBe(false);

    await waitFor(isServed, { timeoutMs: 30_000, description: 'the only connection to be free again' });
  });

  it('keep nobody from a pod when they ask for metrics and do not read them', async () => {
    app = await startApp('smart-router', ENV);
    for (let index = 0; index < 150; index++) {
      const socket = await open(app.metricsUrl, 'GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n');
      socket.pause();
    }
    expect((await app.api.allocate('scraped-1')).status).toBe(200);
    expect((await sendRequest(`${app.baseUrl}/metrics`)).status).toBe(200);
  });
});
