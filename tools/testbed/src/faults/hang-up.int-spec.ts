import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { waitFor } from '../processes/wait-for';
import { hangUpMidRequest } from './hang-up';

describe('hangUpMidRequest', () => {
  const seen: { path: string | undefined; body: string; isWhole: boolean; isGone: boolean }[] = [];
  const endings: (string | undefined)[] = [];
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((request) => remember(request));
    server.on('connection', (socket) => {
      socket.once('error', (error: NodeJS.ErrnoException) => endings.push(error.code));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
    url = `http://127.0.0.1:${address.port}/allocate?x=1`;
  });

  beforeEach(() => {
    seen.length = 0;
    endings.length = 0;
  });

  afterAll(() => void server.close());

  function remember(request: IncomingMessage): void {
    const one = { path: request.url, body: '', isWhole: false, isGone: false };
    seen.push(one);
    request.on('data', (chunk: Buffer) => (one.body += `${chunk}`));
    request.on('end', () => (one.isWhole = true));
    request.on('error', () => {
      // Aborted, which `isWhole` shows.
    });
    request.socket.on('close', () => (one.isGone = true));
  }

  it('leaves a whole request behind when it hangs up after it', async () => {
    await expect(hangUpMidRequest(url, { body: '{"call_sid":"1"}' })).resolves.toBe(true);

    await waitFor(() => seen[0]?.isGone, { description: 'the server to see it go' });
    expect(seen).toEqual([{ path: '/allocate?x=1', body: '{"call_sid":"1"}', isWhole: true, isGone: true }]);
  });

  it('leaves half a body behind when it hangs up in its middle', async () => {
    const body = 'x'.repeat(100);
    await hangUpMidRequest(url, { body, bytes: headLength(body) + 40 });

    await waitFor(() => seen[0]?.isGone, { description: 'the server to see it go' });
    expect(seen).toMatchObject([{ body: 'x'.repeat(40), isWhole: false }]);
  });

  it('leaves no request behind when it hangs up in the head', async () => {
    await hangUpMidRequest(url, { bytes: 20 });
    await hangUpMidRequest(url, { body: 'later' });

    await waitFor(() => seen.length === 1, { description: 'the later request' });
    expect(seen[0]?.body).toBe('later');
  });

  it('resets the connection when asked to', async () => {
    await expect(hangUpMidRequest(url, { body: 'x', patienceMs: 5, reset: true })).resolves.toBe(true);

    // Whether the server reads the request before that is a race.
    await waitFor(() => endings.length > 0, { description: 'the server to see it go' });
    expect(endings).toEqual(['ECONNRESET']);
  });

  it('returns false when nobody listens', async () => {
    await expect(hangUpMidRequest('http://127.0.0.1:1/allocate')).resolves.toBe(false);
  });

  /** The head is the same for all bodies of as many digits of length. */
  function headLength(body: string): number {
    const { host, pathname, search } = new URL(url);
    const lines = [
      `POST ${pathname}${search} HTTP/1.1`,
      `host: ${host}`,
      'content-type: application/json',
      `content-length: ${body.length}`,
    ];
    return `${lines.join('\r\n')}\r\n\r\n`.length;
  }
});
