import { type ApiClient, type AppProcess, sendRequest } from '@smart-router/testbed';
import { startCombined } from './fleet/fleet';
import { expectError, expectRawError } from './http/error-shape';
import { type RawAnswer, sendRaw } from './http/raw-connection';

const HEAD = 'Host: smart-router\r\nConnection: close\r\n';

const UNKNOWN_PATHS = [
  '/',
  '/api',
  '/api/v1',
  '/api/v2/status',
  '/API/V1/STATUS',
  '//api/v1/status',
  '/api/v1/unknown',
  '/api/v1/calls/a/b',
  '/agent/voice/breeze-buddy/twilio/callback/welcome/more',
  '/docs/app.js',
  '/.env',
  '/metrics/../etc/passwd',
];

describe('requests that no client should send', () => {
  let app: AppProcess;
  let api: ApiClient;

  beforeAll(async () => {
    ({ app, api } = await startCombined());
  });

  afterEach(async () => {
    expect((await api.probe('/health')).status).toBe(200);
  });

  afterAll(() => app?.kill());

  const raw = (bytes: string): Promise<RawAnswer> => sendRaw(app.baseUrl, bytes);

  describe('a method', () => {
    // Every path: libs/http-api/src/inputs/wrong-methods.spec.ts.
    it('that the path has not is refused with what is allowed', async () => {
      const answer = await sendRequest(`${app.baseUrl}/api/v1/merchants/acme`, { method: 'POST' });
      expectError(answer, 405, 'METHOD_NOT_ALLOWED', 'method not allowed');
      expect(answer.headers.get('allow')).toBe('DELETE, GET, HEAD, PUT');
    });

    it('that is none is refused', async () => {
      expectRawError(await raw(`BREW /api/v1/allocate HTTP/1.1\r\n${HEAD}\r\n`), 400, 'INVALID_REQUEST');
      expectRawError(await raw(`TRACE /api/v1/allocate HTTP/1.1\r\n${HEAD}\r\n`), 405, 'METHOD_NOT_ALLOWED');
    });
  });

  describe('a path', () => {
    it.each(UNKNOWN_PATHS)('%s is not found', async (path) => {
      const answer = await raw(`GET ${path} HTTP/1.1\r\n${HEAD}\r\n`);
      expectRawError(answer, 404, 'NOT_FOUND');
    });

    it.each(['/api/v1/pod/%zz', '/api/v1/pod/%E0%A4%A', '/%', '/api/v1/calls/%c0%ae/heartbeat'])(
      '%s is refused as malformed',
      async (path) => {
        expectRawError(await raw(`GET ${path} HTTP/1.1\r\n${HEAD}\r\n`), 400, 'INVALID_URL');
      },
    );

    it.each(['%00', 'a%2Fb', '%2e%2e%2f', '%0d%0aX-Evil:1', 'a%20b', '%F0%9F%93%9E', 'x'.repeat(129)])(
      'of a pod is refused by the rule of its field when it ends with %s',
      async (segment) => {
        const answer = await raw(`GET /api/v1/pod/${segment} HTTP/1.1\r\n${HEAD}\r\n`);
        expectRawError(answer, 400, 'INVALID_FIELD');
        expect(answer.headers).not.toHaveProperty('x-evil');
      },
    );

    it('is refused when it is very long, and the server keeps serving', async () => {
      expectRawError(await raw(`GET /api/v1/pod/${'x'.repeat(8_000)} HTTP/1.1\r\n${HEAD}\r\n`), 400, 'INVALID_FIELD');
      expectRawError(await raw(`GET /${'x'.repeat(8_000)} HTTP/1.1\r\n${HEAD}\r\n`), 404, 'NOT_FOUND');
      expectRawError(await raw(`GET /${'x'.repeat(100_000)} HTTP/1.1\r\n${HEAD}\r\n`), 431, 'HEADERS_TOO_LARGE');
    });
  });

  describe('a request', () => {
    it.each([
      ['is no HTTP', 'hello\r\n\r\n'],
      ['is the start of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
      ['has no version that there is', `GET /health HTTP/9.9\r\n${HEAD}\r\n`],
      ['has no host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n'],
      ['has two hosts', `GET /health HTTP/1.1\r\n${HEAD}Host: b\r\n\r\n`],
      ['has two lengths', `POST /api/v1/allocate HTTP/1.1\r\n${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
      [
        'has a length and chunks',
        `POST /api/v1/allocate HTTP/1.1\r\n${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`,
      ],
      ['has a length that is none', `POST /api/v1/allocate HTTP/1.1\r\n${HEAD}Content-Length: two\r\n\r\n{}`],
      ['has a broken chunk', `POST /api/v1/allocate HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
      ['has a header without a name', `GET /health HTTP/1.1\r\n${HEAD}: value\r\n\r\n`],
      ['has a folded header', `GET /health HTTP/1.1\r\n${HEAD}X-A: 1\r\n 2\r\n\r\n`],
    ])('is refused when it %s', async (_, bytes) => {
      expectRawError(await raw(bytes), 400, 'INVALID_REQUEST');
    });

    it('is refused when it expects what there is not', async () => {
      const head = `POST /api/v1/allocate HTTP/1.1\r\n${HEAD}Expect: banana\r\nContent-Length: 2\r\n\r\n{}`;
      const answer = await raw(head);
      expect([400, 417]).toContain(answer.status);
      expectRawError(answer, answer.status, 'INVALID_REQUEST');
    });

    it('is refused when its headers are too large', async () => {
      const large = `X-Large: ${'x'.repeat(20_000)}\r\n`;
      expectRawError(await raw(`GET /health HTTP/1.1\r\n${HEAD}${large}\r\n`), 431, 'HEADERS_TOO_LARGE');
      const many = Array.from({ length: 2_500 }, (_, index) => `X-${index}: 1\r\n`).join('');
      expectRawError(await raw(`GET /health HTTP/1.1\r\n${HEAD}${many}\r\n`), 431, 'HEADERS_TOO_LARGE');
    });

    it.each([
      ['short-id_1.a', true],
      ['with space', false],
    ])('with the id %s is answered with it: %s', async (id, kept) => {
      const { headers, body } = await sendRequest<{ request_id: string }>(`${app.baseUrl}/api/v1/none`, {
        headers: { 'x-request-id': id },
      });
      expect(headers.get('x-request-id') === id).toBe(kept);
      expect(headers.get('x-request-id')).toMatch(/^[\w.-]{1,64}$/);
      expect(body.request_id).toBe(headers.get('x-request-id'));
    });
  });
});
