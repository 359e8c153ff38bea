import { publicError } from '@smart-router/http/errors';
import { asRequest, formRequest, receivedForm, sampleSettings } from '../../testing/sample-webhooks';
import type { WebhookRequest } from '../webhook-request';
import { ExotelProvider } from './exotel';

const provider = new ExotelProvider(sampleSettings());
const { answers } = provider;

function get(originalUrl: string): WebhookRequest {
  return asRequest({ ...receivedForm(originalUrl, '', { method: 'GET' }), headers: { host: 'internal' } });
}

function json(value: unknown, originalUrl = '/x', contentType = 'application/json; charset=utf-8'): WebhookRequest {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  return formRequest(originalUrl, body, { headers: { 'content-type': contentType } });
}

function multipart(fields: Record<string, string>): WebhookRequest {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--edge\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const headers = { 'content-type': 'multipart/form-data; boundary=edge' };
  return formRequest('/x', `${parts.join('')}--edge--\r\n`, { headers });
}

describe('ExotelProvider.read of a request for media', () => {
  const expected = { kind: 'media', callSid: 'e-1', merchantId: 'acme', flow: undefined, template: undefined };

  it.each<[string, WebhookRequest]>([
    ['JSON', json({ CallSid: 'e-1', merchant_id: 'acme' })],
    [
      'JSON under the type of a form',
      json({ CallSid: 'e-1', merchant_id: 'acme' }, '/x', 'application/x-www-form-urlencoded'),
    ],
    ['JSON with the merchant in the query', json({ CallSid: 'e-1' }, '/x?merchant_id=acme')],
    ['a form', formRequest('/x', 'CallSid=e-1&merchant_id=acme')],
    ['a form with the merchant in the query', formRequest('/x?merchant_id=acme', 'CallSid=e-1')],
    ['multipart form data', multipart({ CallSid: 'e-1', merchant_id: 'acme' })],
    ['a GET', get('/x?CallSid=e-1&merchant_id=acme&CallFrom=0911')],
  ])('returns the call when it comes as %s', async (_how, request) => {
    expect(await provider.read(request)).toEqual(expected);
  });

  it('returns the merchant of the body when body and query name one', async () => {
    const request = json({ CallSid: 'e-1', merchant_id: 'body', flow: 'f', template: 't' }, '/x?merchant_id=query');
    expect(await provider.read(request)).toMatchObject({ merchantId: 'body', flow: 'f', template: 't' });
  });

  it.each(['', ' ', null])('returns what the query names when the body has %j in its place', async (empty) => {
    const body = { CallSid: empty, merchant_id: empty, flow: empty, template: empty };
    const request = json(body, '/x?CallSid=e-1&merchant_id=acme&flow=f&template=t');
    const call = { kind: 'media', callSid: 'e-1', merchantId: 'acme', flow: 'f', template: 't' };
    expect(await provider.read(request)).toEqual(call);
  });

  it.each(['{', '[]', 'null', '"x"'])('returns invalid when the JSON body is %s', async (body) => {
    expect(await provider.read(json(body))).toEqual({
      kind: 'invalid',
      code: 'INVALID_BODY',
      message: 'invalid request body',
    });
  });

  it('returns invalid when multipart form data has no boundary', async () => {
    const request = formRequest('/x', 'x', { headers: { 'content-type': 'multipart/form-data' } });
    expect(await provider.read(request)).toMatchObject({ kind: 'invalid', code: 'INVALID_BODY' });
  });

  it.each([{}, { CallSid: '' }, { CallSid: null }])('returns invalid when the body is %j', async (body) => {
    expect(await provider.read(json(body))).toMatchObject({ kind: 'invalid', message: 'CallSid is required' });
  });

  it('returns the call with the state that an applet sends', async () => {
    const request = get('/x?CallSid=e-1&CallStatus=in-progress&CallType=call-attempt&DialCallDuration=0');
    expect(await provider.read(request)).toMatchObject({ kind: 'media', callSid: 'e-1', status: 'in-progress' });
  });

  it.each([{ CallSid: 7 }, { CallSid: {} }, { CallSid: 'a b' }])(
    'returns invalid when the body is %j',
    async (body) => {
      const reading = await provider.read(json(body));
      expect(reading).toMatchObject({ kind: 'invalid', message: expect.stringMatching('^CallSid must be') });
    },
  );

  it('returns invalid when the merchant is no text', async () => {
    const reading = await provider.read(json({ CallSid: 'e-1', merchant_id: ['acme'] }));
    expect(reading).toMatchObject({ kind: 'invalid', message: expect.stringMatching('^merchant_id must be') });
  });
});

describe('ExotelProvider.read of a report', () => {
  it.each(['completed', 'failed', 'busy', 'no-answer', 'canceled', 'Completed'])(
    'returns ended for %s',
    async (status) => {
      const ended = { kind: 'ended', callSid: 'e-1', status: status.toLowerCase() };
      expect(await provider.read(multipart({ CallSid: 'e-1', Status: status }))).toEqual(ended);
      expect(await provider.read(json({ CallSid: 'e-1', CallStatus: status }))).toEqual(ended);
    },
  );

  it.each([
    [{ EventType: 'terminal' }, 'terminal'],
    [{ EventType: ' Terminal ' }, 'terminal'],
    [{ EventType: 'TERMINAL', Status: 'free' }, 'free'],
    [{ EventType: 'terminal', Status: 'in-progress' }, 'in-progress'],
    [{ CallState: 'terminal', CallStatus: 'completed' }, 'completed'],
  ])('returns ended for %j', async (more, status) => {
    expect(await provider.read(json({ CallSid: 'e-1', ...more }))).toEqual({ kind: 'ended', callSid: 'e-1', status });
  });

  it.each([
    { Status: 'in-progress' },
    { Status: 'cancelled' },
    { EventType: 'answered', Status: 'completed' },
    { EventType: 'Answered', Status: 'busy' },
    { EventType: 'Dial', Status: 'busy' },
    { EventType: 'Ringing', CallStatus: 'completed' },
    { EventType: 'a-new-word', Status: 'failed' },
    { EventType: 'answered', CallState: 'terminal' },
    { CallState: 'active', CallStatus: '' },
  ])('returns progress for %j', async (more) => {
    expect(await provider.read(json({ CallSid: 'e-1', ...more }))).toMatchObject({ kind: 'progress', callSid: 'e-1' });
  });

  it.each<[string, WebhookRequest]>([
    ['JSON', json({ CallSid: 'e-1', Status: '', EventType: 'terminal' })],
    ['JSON with nulls', json({ CallSid: 'e-1', Status: null, CallStatus: null, EventType: 'terminal' })],
    ['a form', formRequest('/x', 'CallSid=e-1&Status=&EventType=terminal')],
    [
      'a form with an empty field before the full one',
      formRequest('/x', 'CallSid=&CallSid=e-1&EventType=+&EventType=terminal'),
    ],
    ['multipart form data', multipart({ CallSid: 'e-1', Status: '', EventType: 'terminal' })],
    [
      'a body whose empty fields stand in the query',
      formRequest('/x?CallSid=e-1&EventType=terminal', 'CallSid=&EventType='),
    ],
  ])('returns ended when empty fields come with it in %s', async (_how, request) => {
    expect(await provider.read(request)).toEqual({ kind: 'ended', callSid: 'e-1', status: 'terminal' });
  });

  it('returns the call, whatever became of the leg that was dialled before', async () => {
    const reading = await provider.read(get('/x?CallSid=e-1&DialCallStatus=completed'));
    expect(reading).toMatchObject({ kind: 'media', callSid: 'e-1' });
  });

  it.each([
    [{ 'Stream[StreamSID]': 's-1', 'Stream[Status]': 'completed' }, 'stream'],
    [{ 'Stream[StreamSID]': 's-1', 'Stream[RecordingUrl]': 'https://x' }, 'recording'],
  ])('returns an event for %j', async (more, event) => {
    const query = new URLSearchParams({ CallSid: 'e-1', ...more });
    expect(await provider.read(get(`/x?${query}`))).toEqual({ kind: 'event', event, callSid: 'e-1' });
  });

  it.each<{ status: unknown }>([7, true, {}, ['completed'], { toString: 1 }].map((status) => ({ status })))(
    'returns progress for %j',
    async ({ status }) => {
      const reading = await provider.read(json({ CallSid: 'e-1', Status: status }));
      expect(reading).toEqual({ kind: 'progress', callSid: 'e-1', status: 'other' });
    },
  );

  it('returns invalid when the call is not named', async () => {
    expect(await provider.read(json({ Status: 'completed' }))).toMatchObject({ message: 'CallSid is required' });
  });

  it('returns invalid when the body is broken', async () => {
    expect(await provider.read(json('{'))).toMatchObject({ kind: 'invalid', code: 'INVALID_BODY' });
  });
});

describe('ExotelProvider.answers', () => {
  const failure = publicError('STORE_UNAVAILABLE');

  it('returns the address of the stream when a call is connected', () => {
    expect(answers.connect('wss://agents.example.com/ws/pod/p-1/e-1', {})).toEqual({
      status: 200,
      contentType: 'application/json; charset=utf-8',
      headers: {},
      body: '{"url":"wss://agents.example.com/ws/pod/p-1/e-1"}',
    });
  });

  it.each([
    ['noCapacity', answers.noCapacity('r-1'), 503, 'no pods available', 'NO_PODS_AVAILABLE'],
    ['failed', answers.failed(failure, 'r-1'), 502, 'store unavailable', 'STORE_UNAVAILABLE'],
    ['statusFailed', answers.statusFailed(failure, 'r-1'), 502, 'store unavailable', 'STORE_UNAVAILABLE'],
    ['callEnded', answers.callEnded('r-1'), 409, 'call ended', 'CALL_ENDED'],
    [
      'badRequest',
      answers.badRequest({ kind: 'invalid', code: 'INVALID_FIELD', message: 'CallSid is required' }, 'r-1'),
      400,
      'CallSid is required',
      'INVALID_FIELD',
    ],
    [
      'refused',
      answers.refused({ kind: 'refused', status: 401, reason: 'wrong_token' }, 'r-1'),
      401,
      'unauthorized',
      'UNAUTHORIZED',
    ],
  ])('returns the error in JSON for %s', (_name, answer, status, error, code) => {
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual({ error, code, request_id: 'r-1' });
  });

  it('returns when to try again with a 503, and how to sign in with a 401', () => {
    expect(answers.noCapacity('r').headers).toEqual({ 'retry-after': '1' });
    const refused = answers.refused({ kind: 'refused', status: 401, reason: 'wrong_token' }, 'r');
    expect(refused.headers['www-authenticate']).toMatch(/^Basic /);
  });

  it('returns 200 when a status callback was taken', () => {
    expect(answers.statusTaken()).toMatchObject({ status: 200, body: '{"success":true}' });
  });
});
