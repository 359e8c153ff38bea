import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { bundleFixture, FixtureProcess } from './testing/fixture-process';

const MAX_HEAD_BYTES = 16 * 1024;

let file: string;
let running: FixtureProcess | undefined;
let sockets: Socket[] = [];

beforeAll(() => {
  file = bundleFixture();
});

afterEach(() => {
  sockets.forEach((socket) => socket.destroy());
  sockets = [];
  running?.kill();
});

async function portOf(env: Record<string, string> = {}): Promise<number> {
  running = new FixtureProcess(file, { env });
  return Number(new URL((await running.ready()).api).port);
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' });
  // A server that cuts a connection off may reset it; what it sent before is what counts.
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** All that comes until the server closes the connection. */
async function untilClosed(socket: Socket): Promise<string> {
  let received = '';
  socket.on('data', (data: Buffer) => (received += data.toString()));
  // A connection may be closed by a reset, too.
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('close', resolve));
  return received;
}

async function ask(socket: Socket, request: string): Promise<string> {
  socket.write(request);
  const [data] = (await once(socket, 'data')) as [Buffer];
  return data.toString();
}

describe('a client that is slow', () => {
  const ENV = { HTTP_RECEIVE_TIMEOUT: '300ms' };

  it.each([
    ['nothing at all', ''],
    ['half of a request line', 'GET /hea'],
    ['headers without an end', 'GET /health HTTP/1.1\r\nHost: a\r\nX-Slow: '],
    ['half of a body', 'POST /api/v1/fixture/created HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf'],
    [
      'half of a chunk',
      'POST /api/v1/fixture/created HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nA\r\nhalf',
    ],
  ])('is cut off when it sends %s', async (_case, bytes) => {
    const socket = await open(await portOf(ENV));
    socket.write(bytes);
    expect(await untilClosed(socket)).toMatch(/^$|^HTTP\/1\.1 408 [\s\S]*"code":"REQUEST_TIMEOUT"/);
  });

  it('is cut off when it keeps sending a byte now and then', async () => {
    const socket = await open(await portOf(ENV));
    socket.write('GET /health HTTP/1.1\r\nHost: a\r\nX-Slow: ');
    const dripping = setInterval(() => socket.write('x'), 20);
    const received = await untilClosed(socket);
    clearInterval(dripping);
    expect(received).toContain('HTTP/1.1 408 ');
  });

  it('does not keep others from their answers', async () => {
    const port = await portOf({ HTTP_RECEIVE_TIMEOUT: '3s' });
    const slow = await Promise.all(Array.from({ length: 50 }, () => open(port)));
    slow.forEach((socket) => socket.write('GET /hea'));
    expect(await ask(await open(port), 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n')).toContain('HTTP/1.1 200 OK');
    await Promise.all(slow.map(untilClosed));
  });
});

describe('connections', () => {
  const HEALTH = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n';

  it('are served up to their limit, and closed beyond it until one ends', async () => {
    const port = await portOf({ HTTP_MAX_CONNECTIONS: '3' });
    const kept = [await open(port), await open(port), await open(port)];
    for (const socket of kept) expect(await ask(socket, HEALTH)).toContain('HTTP/1.1 200 OK');
    expect(await untilClosed(await open(port))).toBe('');
    const [first] = kept;
    first?.destroy();
    let answer = '';
    while (answer === '') {
      const socket = await open(port);
      socket.write(HEALTH);
      socket.end();
      answer = await untilClosed(socket);
    }
    expect(answer).toContain('HTTP/1.1 200 OK');
  });
});

describe('a client that sends many requests ahead', () => {
  it('gets a bounded number of answers at a time, one that says why there are no more, and its connection ends', async () => {
    const socket = await open(await portOf());
    socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(900));
    const answers = (await untilClosed(socket)).match(/^HTTP\/1\.1 \d+/gm);
    expect(answers).toEqual([...Array<string>(32).fill('HTTP/1.1 200'), 'HTTP/1.1 429']);
  });

  it('is served as long as it waits for answers in between', async () => {
    const socket = await open(await portOf());
    for (let round = 0; round < 3; round++) {
      let received = '';
      const take = (data: Buffer) => (received += data.toString());
      socket.on('data', take);
      socket.write('GET /health HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(32));
      while ((received.match(/HTTP\/1\.1 200 OK/g) ?? []).length < 32) await once(socket, 'data');
      socket.off('data', take);
    }
  });
});

describe('a connection that is kept for long', () => {
  const BATCH = 20;

  it('ends with an answer that says so, and never with an error, for a client that keeps sending', async () => {
    const socket = await open(await portOf());
    const received = untilClosed(socket);
    // Sent in parts, as a client that waits for its answers does, and on beyond the last one.
    let answered = 0;
    socket.on('data', (data: Buffer) => (answered += data.toString().match(/HTTP\/1\.1 /g)?.length ?? 0));
    for (let sent = 0; sent < 1100 && !socket.destroyed; sent += BATCH) {
      socket.write('GET /health HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(BATCH));
      while (answered < sent + BATCH && !socket.destroyed && answered < 1000) await once(socket, 'data');
    }
    const answers = (await received).match(/HTTP\/1\.1 \d+|connection: close/gi) ?? [];
    expect(answers).toEqual([...Array<string>(1000).fill('HTTP/1.1 200'), 'connection: close']);
  });
});

describe('the head of a request', () => {
  /** A request whose URL or header is as long as it takes that everything up to the blank line has this many bytes. */
  function requestOf(bytes: number, part: 'url' | 'header'): string {
    const build = (padding: string) =>
      part === 'url'
        ? `GET /health?x=${padding} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`
        : `GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Long: ${padding}\r\n\r\n`;
    return build('x'.repeat(bytes - build('').length));
  }

  /** The parser counts what it stores: names, values and the URL, without the punctuation between them. */
  const PUNCTUATION = 100;

  it.each(['url', 'header'] as const)('is taken when it is as long as it may be by its %s', async (part) => {
    const socket = await open(await portOf());
    socket.write(requestOf(MAX_HEAD_BYTES, part));
    expect(await untilClosed(socket)).toContain('HTTP/1.1 200 OK');
  });

  it.each(['url', 'header'] as const)('is refused with 431 when its %s makes it longer', async (part) => {
    const socket = await open(await portOf());
    socket.write(requestOf(MAX_HEAD_BYTES + PUNCTUATION, part));
    expect(await untilClosed(socket)).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"HEADERS_TOO_LARGE"/);
  });
});
