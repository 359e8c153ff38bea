import type { AppProcess } from '@smart-router/testbed';
import fc from 'fast-check';
import { startCombined } from './fleet/fleet';
import { resetFleet } from './fleet/reset';
import type { ApiClient } from './http/api-client';
import { expectError, expectRawError } from './http/error-shape';
import { sendForm, sendJson, sendRequest } from './http/http-client';
import { sendRaw } from './http/raw-connection';

const BODY_LIMIT_BYTES = 64 * 1024;
const IDENTIFIER = /^(?!\.{1,2}$)[A-Za-z0-9._:~-]{1,128}$/;
const HEAD = 'Host: smart-router\r\nConnection: close\r\n';

/** Words that mean something to the objects behind a careless lookup; all of them are proper identifiers. */
const OBJECT_WORDS = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'length'];

/** JSON bodies that are no request. */
const NO_REQUESTS = [
  '{"invalid json',
  '',
  ' ',
  'null',
  '[]',
  '"text"',
  '7',
  'true',
  '{}}',
  "{'call_sid':'CA1'}",
  '\uFEFF{}x',
];

describe('bodies and fields that no client should send', () => {
  let app: AppProcess;
  let api: ApiClient;

  beforeAll(async () => {
    ({ app, api } = await startCombined());
  });

  afterEach(async () => {
    expect((await api.probe('/health')).status).toBe(200);
    await resetFleet(api);
  });

  afterAll(() => app?.kill());

  const post = (path: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
    sendRequest(`${app.baseUrl}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });

  describe('a body', () => {
    it.each(NO_REQUESTS)('is refused when it is %j', async (body) => {
      for (const path of ['/allocate', '/release', '/drain', '/undrain']) {
        const expected = expect.stringMatching(/^invalid request body: it must be a JSON object/) as string;
        expectError(await post(path, body), 400, 'INVALID_BODY', expected);
      }
    });

    it('is refused when there is none', async () => {
      for (const path of ['/allocate', '/release', '/drain', '/undrain', '/tier-config/rollback']) {
        expectError(await sendJson('POST', `${app.baseUrl}/api/v1${path}`), 400, 'INVALID_BODY');
      }
      expectError(await sendJson('PUT', `${app.baseUrl}/api/v1/merchants/acme`), 400, 'INVALID_BODY');
      expectError(await sendJson('PUT', `${app.baseUrl}/api/v1/tier-config`), 400, 'INVALID_BODY');
    });

    it('is refused when it is deeper than any client needs', async () => {
      const nested = '['.repeat(BODY_LIMIT_BYTES / 2 - 1) + ']'.repeat(BODY_LIMIT_BYTES / 2 - 1);
      expectError(await post('/allocate', nested), 400, 'INVALID_BODY');
      const { status } = await post('/allocate', `{"call_sid":"deep-1","extra":${nested.slice(100, -100)}}`);
      expect(status).toBe(200);
    });

    it.each(['text/plain', 'application/xml', 'nonsense', 'application/json; charset=klingon', ''])(
      'is read as JSON when its type is said to be %j',
      async (type) => {
        expect((await post('/allocate', '{"call_sid":"typed-1"}', { 'content-type': type })).status).toBe(200);
        expectError(await post('/allocate', 'call_sid=typed-2', { 'content-type': type }), 400, 'INVALID_BODY');
      },
    );

    it('is refused when it is a form or compressed', async () => {
      expectError(await sendForm(`${app.baseUrl}/api/v1/allocate`, { call_sid: 'form-1' }), 400, 'INVALID_BODY');
      const zipped = await post('/allocate', '\x1f\x8b\x08', { 'content-encoding': 'gzip' });
      expectError(zipped, 415, 'UNSUPPORTED_MEDIA_TYPE');
    });

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

    it('too large is refused on the paths of providers, too', async () => {
      const form = { CallSid: 'large-1', Padding: 'x'.repeat(BODY_LIMIT_BYTES) };
      expect((await sendForm(`${app.baseUrl}/api/v1/twilio/allocate`, form)).status).toBe(413);
    });
  });

  describe('a field', () => {
    it.each([
      '{}',
      '{"merchant_id":"test"}',
      '{"call_sid":""}',
      '{"call_sid":null}',
      '{"__proto__":{"call_sid":"CA1"}}',
    ])('that is required is asked for when the body is %s', async (body) => {
      expectError(await post('/allocate', body), 400, 'INVALID_FIELD', 'call_sid is required');
      expectError(await post('/release', body), 400, 'INVALID_FIELD', 'call_sid is required');
      // Fields of other requests are named, too.
      const required = expect.stringMatching(/(^|; )pod_name is required$/) as string;
      expectError(await post('/drain', body), 400, 'INVALID_FIELD', required);
    });

    it.each([
      [127, 200],
      [128, 200],
      [129, 400],
    ])('of %d characters is answered with %d', async (length, expected) => {
      const text = 'x'.repeat(length);
      const call = await post('/allocate', JSON.stringify({ call_sid: text }));
      const merchant = await post('/allocate', JSON.stringify({ call_sid: 'merchant-1', merchant_id: text }));
      const pod = await api.drain(text);
      expect([call.status, merchant.status]).toEqual([expected, expected]);
      expect(pod.status).toBe(expected === 200 ? 404 : 400);
      if (expected === 200) return;
      expectError(call, 400, 'INVALID_FIELD');
      expect((call.body as { error: string }).error).toMatch(/^call_sid must be /);
      expect((merchant.body as { error: string }).error).toMatch(/^merchant_id must be /);
      expect(pod.body.error).toMatch(/^pod_name must be /);
    });

    it.each([7, true, {}, [], ['CA1'], { $gt: '' }])('is refused when it is %j in place of a text', async (value) => {
      const call = await post('/allocate', JSON.stringify({ call_sid: value }));
      expectError(call, 400, 'INVALID_FIELD');
      const merchant = await post('/allocate', JSON.stringify({ call_sid: 'typed-1', merchant_id: value }));
      expectError(merchant, 400, 'INVALID_FIELD');
    });

    it.each(OBJECT_WORDS)('may be %s like any other name', async (word) => {
      expect((await api.allocated(word, word)).was_existing).toBe(false);
      expect((await api.allocated(word, word)).was_existing).toBe(true);
      expect((await api.call(word)).body).toMatchObject({ call_sid: word, merchant_id: word });
      expect((await api.pod(word)).status).toBe(404);
      expect((await api.merchant(word)).status).toBe(404);
      expect((await api.putMerchant(word, { tier: 'gold' })).status).toBe(200);
      expect((await api.merchant(word)).body).toMatchObject({ merchant_id: word, config: { tier: 'gold' } });
      expect((await api.release(word)).status).toBe(200);
      expect((await api.release(word)).status).toBe(404);
    });

    it.each(['0', '501', '-1', '1.5', 'many', '1e2', ''])('limit is refused when it is %j', async (limit) => {
      for (const list of ['pods', 'calls', 'merchants']) {
        expectError(await sendJson('GET', `${app.baseUrl}/api/v1/${list}?limit=${limit}`), 400, 'INVALID_FIELD');
      }
    });

    it.each(['1', '499', '500'])('limit may be %s', async (limit) => {
      for (const list of ['pods', 'calls', 'merchants']) {
        expect((await sendJson('GET', `${app.baseUrl}/api/v1/${list}?limit=${limit}`)).status).toBe(200);
      }
    });

    it.each(['limit=1&limit=2', 'cursor=%00', 'status=lost', 'tier=a%2Fb', 'cursor=nobody-made-this'])(
      'of a list is refused, or means nothing, when the query is %s',
      async (query) => {
        const answer = await sendJson('GET', `${app.baseUrl}/api/v1/pods?${query}`);
        if (answer.status !== 200) expectError(answer, 400, 'INVALID_FIELD');
      },
    );

    it('is taken or refused by its rule, whatever text it is', async () => {
      const texts = fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'grapheme' }),
        fc.stringMatching(/^[A-Za-z0-9._:~-]{1,128}$/),
      );
      await fc.assert(
        fc.asyncProperty(texts, async (text) => {
          const answer = await post('/allocate', JSON.stringify({ call_sid: text }));
          if (!IDENTIFIER.test(text)) return expectError(answer, 400, 'INVALID_FIELD');
          expect(answer.status).toBe(200);
          expect((await api.release(text)).status).toBe(200);
        }),
        { numRuns: 200 },
      );
    });

    it('never fails the server, whatever JSON it is', async () => {
      const bodies = fc.oneof(
        fc.json(),
        fc.record({ call_sid: fc.jsonValue(), merchant_id: fc.jsonValue() }).map((value) => JSON.stringify(value)),
      );
      await fc.assert(
        fc.asyncProperty(fc.constantFrom('/allocate', '/release', '/drain', '/undrain'), bodies, async (path, body) => {
          expect([200, 400, 404, 503]).toContain((await post(path, body)).status);
        }),
        { numRuns: 200 },
      );
    });
  });

  describe('a config', () => {
    it.each([
      { tiers: {} },
      { tiers: { gold: { type: 'gilded', target: 1 } } },
      { tiers: { gold: { type: 'exclusive', target: -1 } } },
      { tiers: { gold: { type: 'exclusive', target: 1 } }, default_chain: ['silver'] },
      { tiers: { 'a:b': { type: 'exclusive', target: 1 } } },
      { tiers: [] },
    ])('is refused as a whole when it is %j', async (config) => {
      const { version } = (await api.tierConfig()).body;
      const answer = await sendJson('PUT', `${app.baseUrl}/api/v1/tier-config`, { version, ...config });
      expectError(answer, 422, 'INVALID_TIER_CONFIG');
      expect((await api.tierConfig()).body.version).toBe(version);
    });

    it.each([{ tier: 'silver' }, { tier: 7 }, { fallback: ['silver'] }, { fallback: 'gold' }, { pool: 'a/b' }])(
      'of a merchant is refused when it is %j',
      async (config) => {
        const answer = await sendJson('PUT', `${app.baseUrl}/api/v1/merchants/acme`, config);
        expectError(answer, 422, 'INVALID_MERCHANT_CONFIG');
        expect((await api.merchant('acme')).status).toBe(404);
      },
    );
  });

  describe('a webhook', () => {
    it.each([
      'CallSid=',
      'CallSid=a%20b',
      'CallSid=a%00',
      `CallSid=${'x'.repeat(129)}`,
      'Call=1',
      '',
      '%%%',
      '{"CallSid":"x"}',
    ])('is refused in the format of Twilio when its form is %s', async (body) => {
      const answer = await sendRequest(`${app.baseUrl}/api/v1/twilio/allocate`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      });
      expect({ status: answer.status, type: answer.headers.get('content-type') }).toEqual({
        status: 400,
        type: expect.stringMatching(/^text\/xml/),
      });
      expect(answer.text).toMatch(/<Response\/?>/);
      expect((await api.status()).body.active_calls).toBe(0);
    });

    it('is refused when the template in its path is no name', async () => {
      const url = `${app.baseUrl}/agent/voice/breeze-buddy/twilio/callback/`;
      for (const template of ['%3Cscript%3E', 'x'.repeat(129)]) {
        expect((await sendForm(url + template, { CallSid: 'template-1' })).status).toBe(400);
      }
      expect((await sendForm(`${url}${'x'.repeat(128)}`, { CallSid: 'template-1' })).status).toBe(200);
    });

    it.each([
      [499, 200],
      [500, 200],
      [501, 400],
      [9_000, 400],
    ])('with %d fields is answered with %d', async (count, expected) => {
      const others = Array.from({ length: count - 1 }, (_, index) => [`f${index}`, ''] as const);
      const form = Object.fromEntries([['CallSid', 'many-1'], ...others]) as Readonly<Record<string, string>>;
      const answer = await sendForm(`${app.baseUrl}/api/v1/twilio/allocate`, form);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        expected,
        expect.stringMatching(/^text\/xml/),
      ]);
    });
  });
});
