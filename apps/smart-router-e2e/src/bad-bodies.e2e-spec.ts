import { type ApiClient, type AppProcess, sendForm, sendRequest } from '@smart-router/testbed';
import { startCombined } from './fleet/fleet';
import { expectError, expectRawError } from './http/error-shape';
import { sendRaw } from './http/raw-connection';

const BODY_LIMIT_BYTES = 64 * 1024;
const HEAD = 'Host: smart-router\r\nConnection: close\r\n';

// What only a connection shows, and a sample of the rest: every other row is in libs/http-api/src/inputs.
describe('bodies and fields that no client should send', () => {
  let app: AppProcess;
  let api: ApiClient;

  beforeAll(async () => {
    ({ app, api } = await startCombined());
  });

  afterEach(async () => {
    expect((await api.probe('/health')).status).toBe(200);
  });

  afterAll(() => app?.kill());

  const post = (path: string, body: string) =>
    sendRequest(`${app.baseUrl}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });

  it('are refused: no JSON, no call, and a call that has no name', async () => {
    const problem = expect.stringMatching(/^invalid request body: it must be a JSON object/) as string;
    expectError(await post('/allocate', '{"invalid json'), 400, 'INVALID_BODY', problem);
    expectError(await post('/allocate', '{}'), 400, 'INVALID_FIELD', 'call_sid is required');
    expectError(await post('/allocate', '{"call_sid":"a b"}'), 400, 'INVALID_FIELD');
  });

  it('are refused in the format of the provider when they are a webhook', async () => {
    const { status, headers, text } = await sendForm(`${app.baseUrl}/api/v1/twilio/allocate`, { CallSid: 'a b' });
    expect({ status, type: headers.get('content-type') }).toEqual({
      status: 400,
      type: expect.stringMatching(/^text\/xml/),
    });
    expect(text).toMatch(/<Response\/?>/);
  });

  describe('a body', () => {
    it.each([
      [BODY_LIMIT_BYTES - 1, 200],
      [BODY_LIMIT_BYTES, 200],
      [BODY_LIMIT_BYTES + 1, 413],
    ])('of %d bytes is answered with %d', async (bytes, expected) => {
      const start = '{"call_sid":"sized-1","padding":"';
      const body = `${start}${'x'.repeat(bytes - start.length - 2)}"}`;
      expect(Buffer.byteLength(body)).toBe(bytes);
      const answer = await post('/allocate', body);
      if (expected === 413) expectError(answer, 413, 'BODY_TOO_LARGE', 'request body too large: at most 65536 bytes');
      else expect(answer.status).toBe(expected);
      const head = `POST /api/v1/allocate HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n`;
      expect((await sendRaw(app.baseUrl, `${head}${bytes.toString(16)}\r\n${body}\r\n0\r\n\r\n`)).status).toBe(
        expected,
      );
    });

    it('too large is refused before it is sent', async () => {
      const head = `POST /api/v1/allocate HTTP/1.1\r\n${HEAD}Content-Length: 1000000000\r\n\r\n`;
      expectRawError(await sendRaw(app.baseUrl, head), 413, 'BODY_TOO_LARGE');
    });
  });
});
