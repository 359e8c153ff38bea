import fc from 'fast-check';
import { type Answer, FORM, liveCalls, startTestApi, type TestApi } from '../testing/test-api';

const BODY_LIMIT_BYTES = 64 * 1024;
const IDENTIFIER = /^(?!\.{1,2}$)[A-Za-z0-9._:~-]{1,128}$/;
const CALLBACK = '/agent/voice/breeze-buddy/twilio/callback/';

/** Words that mean something to the objects behind a careless lookup; all of them are proper identifiers. */
const OBJECT_WORDS = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'length'];

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterEach(async () => {
  for (const callSid of await liveCalls(api)) await api.store.calls.release(callSid);
});
afterAll(() => api.close());

const post = (path: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
  api.post(`/api/v1${path}`, body, headers);

/** The one shape of all errors. @param error the exact text */
function expectError({ status, body, headers }: Answer, expected: number, code: string, error?: unknown): void {
  expect({ status, body }).toEqual({
    status: expected,
    body: { error: error ?? expect.any(String), code, request_id: headers['x-request-id'] },
  });
}

describe('a body', () => {
  it('is refused when it is deeper than any client needs', async () => {
    const nested = '['.repeat(BODY_LIMIT_BYTES / 2 - 1) + ']'.repeat(BODY_LIMIT_BYTES / 2 - 1);
    expectError(await post('/allocate', nested), 400, 'INVALID_BODY');
    expect((await post('/allocate', `{"call_sid":"deep-1","extra":${nested.slice(100, -100)}}`)).status).toBe(200);
  });
});

describe('a field', () => {
  it.each(OBJECT_WORDS)('may be %s like any other name', async (word) => {
    const call = JSON.stringify({ call_sid: word, merchant_id: word });
    expect((await post('/allocate', call)).body).toMatchObject({ success: true, was_existing: false });
    expect((await post('/allocate', call)).body).toMatchObject({ was_existing: true });
    expect((await api.get(`/api/v1/calls/${word}`)).body).toMatchObject({ call_sid: word, merchant_id: word });
    expect((await api.get(`/api/v1/pod/${word}`)).status).toBe(404);
    expect((await api.get(`/api/v1/merchants/${word}`)).status).toBe(404);
    expect((await api.put(`/api/v1/merchants/${word}`, { tier: 'gold' })).status).toBe(200);
    const merchant = { merchant_id: word, config: { tier: 'gold' } };
    expect((await api.get(`/api/v1/merchants/${word}`)).body).toMatchObject(merchant);
    expect((await post('/release', JSON.stringify({ call_sid: word }))).status).toBe(200);
    expect((await post('/release', JSON.stringify({ call_sid: word }))).status).toBe(404);
  });

  it.each(['0', '501', '-1', '1.5', 'many', '1e2', '0x1', '', '1&limit=2'])(
    'limit is refused by its name when it is %j',
    async (limit) => {
      for (const list of ['pods', 'calls', 'merchants']) {
        const problem = expect.stringMatching(/^limit must be /) as string;
        expectError(await api.get(`/api/v1/${list}?limit=${limit}`), 400, 'INVALID_FIELD', problem);
      }
    },
  );

  it.each(['1', '499', '500'])('limit may be %s', async (limit) => {
    for (const list of ['pods', 'calls', 'merchants']) {
      expect((await api.get(`/api/v1/${list}?limit=${limit}`)).status).toBe(200);
    }
  });

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
        expect((await post('/release', JSON.stringify({ call_sid: text }))).status).toBe(200);
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
    const { status, headers, text } = await post('/twilio/allocate', body, FORM);
    const type = expect.stringMatching(/^text\/xml/) as string;
    expect({ status, type: headers['content-type'] }).toEqual({ status: 400, type });
    expect(text).toMatch(/<Response\/?>/);
    expect(await liveCalls(api)).toEqual([]);
  });

  it('is refused when the template in its path is no name', async () => {
    for (const template of ['%3Cscript%3E', 'x'.repeat(129)]) {
      expect((await api.post(CALLBACK + template, 'CallSid=template-1', FORM)).status).toBe(400);
    }
    expect((await api.post(`${CALLBACK}${'x'.repeat(128)}`, 'CallSid=template-1', FORM)).status).toBe(200);
  });

  it.each([
    [500, 200],
    [501, 400],
  ])('with %d fields is answered with %d', async (count, expected) => {
    const others = Array.from({ length: count - 1 }, (_, index) => `f${index}=`);
    const { status, headers } = await post('/twilio/allocate', ['CallSid=many-1', ...others].join('&'), FORM);
    expect([status, headers['content-type']]).toEqual([expected, expect.stringMatching(/^text\/xml/)]);
  });
});
