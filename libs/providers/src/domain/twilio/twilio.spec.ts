import * as fc from 'fast-check';
import twilioSdk from 'twilio';
import { elementNames, parseXml } from '../../testing/parsed-xml';
import { randomFields, randomParameters, toForm } from '../../testing/random-webhooks';
import { flippedBits, formRequest, PUBLIC_BASE_URL, sampleSettings } from '../../testing/sample-webhooks';
import { valuesByKey } from '../form-body';
import { TwilioProvider } from './twilio';

const TOKEN = 'current-token';
const PATH = '/api/v1/twilio/allocate?merchant_id=acme&flow=sales%20team';
const CALL_SID = `CA${'1'.repeat(32)}`;
const ACCOUNT_SID = `AC${'2'.repeat(32)}`;
const BODY = `AccountSid=${ACCOUNT_SID}&CallSid=${CALL_SID}&From=%2B15550001&CallerName=J%C3%BCrgen+%F0%9F%93%9E&Empty=`;

const open = new TwilioProvider(sampleSettings());
const guarded = new TwilioProvider(sampleSettings({ twilio: { authTokens: () => ['older-token', TOKEN] } }));

/** Signs as Twilio does, with its own SDK. */
function signed(path: string, body: string, token = TOKEN) {
  const parameters = valuesByKey(new URLSearchParams(body));
  const signature = twilioSdk.getExpectedTwilioSignature(token, PUBLIC_BASE_URL + path, parameters);
  return { 'x-twilio-signature': signature };
}

const signatureOf = (path: string, body: string) => signed(path, body)['x-twilio-signature'];

describe('TwilioProvider.verify', () => {
  it('returns authentic when the signature is the one of the published example', () => {
    const settings = sampleSettings({ twilio: { authTokens: () => ['12345'] }, strictIds: false });
    const provider = new TwilioProvider(settings);
    const body = 'Digits=1234&To=%2B18005551212&From=%2B12349013030&Caller=%2B12349013030&CallSid=CA1234567890ABCDE';
    const request = formRequest('/', body, { headers: { 'x-twilio-signature': '0/KCTR6DLpKmkAf8muzZqo1nDgQ=' } });
    const example = { ...request, publicUrls: ['https://mycompany.com/myapp.php?foo=1&bar=2'] as const };
    expect(provider.verify(example)).toEqual({ kind: 'authentic' });
  });

  it.each([TOKEN, 'older-token'])('returns authentic when signed with %s', (token) => {
    const request = formRequest(PATH, BODY, { headers: signed(PATH, BODY, token) });
    expect(guarded.verify(request)).toEqual({ kind: 'authentic' });
  });

  it('returns authentic for whatever parameters when the SDK signed them', () => {
    fc.assert(
      fc.property(randomParameters, randomFields, (query, form) => {
        const path = `/api/v1/twilio/allocate?${toForm(query)}`;
        const body = toForm([['AccountSid', ACCOUNT_SID], ['CallSid', CALL_SID], ...form]);
        const request = formRequest(path, body, { headers: signed(path, body) });
        expect(guarded.verify(request)).toEqual({ kind: 'authentic' });
      }),
    );
  });

  it('returns refused when the header is missing', () => {
    expect(guarded.verify(formRequest(PATH, BODY))).toEqual({
      kind: 'refused',
      status: 403,
      reason: 'missing_signature',
    });
  });

  it('returns refused when signed with another token', () => {
    const request = formRequest(PATH, BODY, { headers: signed(PATH, BODY, 'wrong-token') });
    expect(guarded.verify(request)).toEqual({ kind: 'refused', status: 403, reason: 'wrong_signature' });
  });

  it('returns refused when the URL does not parse', () => {
    const request = formRequest(PATH, BODY, { headers: { 'x-twilio-signature': 'x' } });
    expect(guarded.verify({ ...request, publicUrls: ['http://'] })).toEqual({
      kind: 'refused',
      status: 403,
      reason: 'wrong_signature',
    });
  });

  it('returns refused when any bit of the signature is flipped', () => {
    for (const { text, place } of flippedBits(signatureOf(PATH, BODY))) {
      const request = formRequest(PATH, BODY, { headers: { 'x-twilio-signature': text } });
      expect([place, guarded.verify(request).kind]).toEqual([place, 'refused']);
    }
  });

  it('returns refused when any bit of the body is flipped, unless the parameters stay the same', () => {
    const headers = signed(PATH, BODY);
    const original = [...new URLSearchParams(BODY)];
    for (const { text, place } of flippedBits(BODY)) {
      const request = formRequest(PATH, '', { headers, rawBody: Buffer.from(text, 'latin1') });
      const parameters = [...new URLSearchParams(request.rawBody.toString('utf8'))];
      const same = JSON.stringify(parameters) === JSON.stringify(original);
      expect([place, guarded.verify(request).kind]).toEqual([place, same ? 'authentic' : 'refused']);
    }
  });

  it('returns refused when any bit of path or query is flipped, unless they mean the same', () => {
    const headers = signed(PATH, BODY);
    for (const { text, place } of flippedBits(PATH)) {
      const verdict = guarded.verify(formRequest(text, BODY, { headers })).kind;
      expect([place, verdict === 'refused' || meaningOf(text) === meaningOf(PATH)]).toEqual([place, true]);
    }
  });

  it('returns refused when a parameter is added, removed or repeated with another value', () => {
    const headers = signed(PATH, BODY);
    for (const body of [`${BODY}&Digits=1`, BODY.replace('&Empty=', ''), `${BODY}&CallSid=CA999`]) {
      expect(guarded.verify(formRequest(PATH, body, { headers })).kind).toBe('refused');
    }
  });

  it('returns refused when the parameters come in a body that is called JSON', () => {
    const headers = { ...signed(PATH, BODY), 'content-type': 'application/json' };
    expect(guarded.verify(formRequest(PATH, BODY, { headers })).kind).toBe('refused');
  });

  it('returns authentic for anything when no token is configured', () => {
    expect(open.verify(formRequest(PATH, BODY))).toEqual({ kind: 'authentic' });
    expect([open.verifies, guarded.verifies]).toEqual([false, true]);
  });
});

describe('TwilioProvider.read of a request for media', () => {
  it('returns the call with merchant, flow and template of the query', async () => {
    const request = formRequest('/api/v1/twilio/allocate?merchant_id=acme&flow=sales&template=t-1', 'CallSid=CA1');
    expect(await open.read(request)).toEqual({
      kind: 'media',
      callSid: 'CA1',
      merchantId: 'acme',
      flow: 'sales',
      template: 't-1',
    });
  });

  it('returns the template of the path when query and path have one', async () => {
    const request = formRequest('/x?template=query', 'CallSid=CA1', { pathTemplate: 'path' });
    expect(await open.read(request)).toMatchObject({ template: 'path', merchantId: '' });
  });

  it('returns invalid when the call id stands in the query only', async () => {
    expect(await open.read(formRequest('/x?CallSid=CA1', 'From=1'))).toEqual({
      kind: 'invalid',
      code: 'INVALID_FIELD',
      message: 'CallSid is required',
    });
  });

  it.each(['merchant_id', 'flow', 'template'])('returns invalid when %s holds other characters', async (field) => {
    const reading = await open.read(formRequest(`/x?${field}=a%2Fb`, 'CallSid=CA1'));
    expect(reading).toMatchObject({ kind: 'invalid', message: expect.stringMatching(`^${field} must be 1 to 128`) });
  });

  it.each(['A'.repeat(129), '../a'])('returns invalid when the call id is %j', async (callSid) => {
    const reading = await open.read(formRequest('/x', toForm([['CallSid', callSid]])));
    expect(reading).toMatchObject({ kind: 'invalid', message: expect.stringMatching('^CallSid must be') });
  });

  it('returns the call when its id is as long as allowed', async () => {
    const reading = await open.read(formRequest('/x', `CallSid=${'A'.repeat(128)}`));
    expect(reading.kind).toBe('media');
  });

  it('returns ended when the call is over', async () => {
    expect(await open.read(formRequest('/x', 'CallSid=CA1&CallStatus=completed'))).toEqual({
      kind: 'ended',
      callSid: 'CA1',
      status: 'completed',
    });
  });

  it.each(['queued', 'ringing', 'in-progress'])('returns the call when it is %s', async (status) => {
    const reading = await open.read(formRequest('/x', `CallSid=CA1&CallStatus=${status}`));
    expect(reading).toMatchObject({ kind: 'media', status });
  });

  it('returns the call when its voice URL is asked again after a fallback, a keypad input or a detected person', async () => {
    for (const more of ['ErrorCode=11200', 'Digits=1', 'AnsweredBy=human', 'DialCallStatus=completed']) {
      const reading = await open.read(formRequest('/x', `CallSid=CA1&CallStatus=in-progress&${more}`));
      expect([more, reading.kind]).toEqual([more, 'media']);
    }
  });
});

describe('TwilioProvider.read of a report', () => {
  it.each(['completed', 'busy', 'failed', 'no-answer', 'canceled'])('returns ended for %s', async (status) => {
    for (const more of ['', '&CallbackSource=call-progress-events&SequenceNumber=3', '&RecordingSid=RE1']) {
      const reading = await open.read(formRequest('/x', `CallSid=CA1&CallStatus=${status}${more}`));
      expect(reading).toEqual({ kind: 'ended', callSid: 'CA1', status });
    }
  });

  it.each(['queued', 'initiated', 'ringing', 'in-progress', 'a-new-word', 'cancelled'])(
    'returns progress for %s',
    async (status) => {
      const form = `CallSid=CA1&CallStatus=${status}&CallbackSource=call-progress-events`;
      expect(await open.read(formRequest('/x', form))).toEqual({ kind: 'progress', callSid: 'CA1', status });
    },
  );

  it.each([
    ['RecordingSid=RE1&RecordingStatus=completed&RecordingUrl=https%3A%2F%2Fx', 'recording'],
    ['RecordingSid=RE1&RecordingUrl=https%3A%2F%2Fx', 'recording'],
    ['CallStatus=in-progress&RecordingStatus=in-progress', 'recording'],
    ['TranscriptionSid=TR1&TranscriptionStatus=completed', 'transcription'],
    ['TranscriptionEvent=transcription-content&SequenceNumber=2', 'transcription'],
    ['StreamSid=MZ1&StreamEvent=stream-started', 'stream'],
    ['ConferenceSid=CF1&StatusCallbackEvent=participant-join&SequenceNumber=1', 'conference'],
    ['AnsweredBy=machine_start&MachineDetectionDuration=2400', 'machine_detection'],
  ])('returns an event for %s', async (more, event) => {
    expect(await open.read(formRequest('/x', `CallSid=CA1&${more}`))).toEqual({ kind: 'event', event, callSid: 'CA1' });
  });

  it('returns the event of a conference that names no call', async () => {
    const reading = await open.read(formRequest('/x', 'ConferenceSid=CF1&StatusCallbackEvent=conference-end'));
    expect(reading).toEqual({ kind: 'event', event: 'conference' });
  });

  it.each(['CallStatus=completed', 'CallbackSource=call-progress-events'])(
    'returns invalid when %s names no call',
    async (body) => {
      expect(await open.read(formRequest('/x', body))).toMatchObject({ message: 'CallSid is required' });
    },
  );
});

describe('TwilioProvider.answers', () => {
  const { answers } = open;

  it('returns what the SDK writes when a call is connected', () => {
    const expected = new twilioSdk.twiml.VoiceResponse();
    expected.connect().stream({ url: 'wss://agents.example.com/ws/pod/p-1/CA1?a=1&b=2' });
    const answer = answers.connect('wss://agents.example.com/ws/pod/p-1/CA1?a=1&b=2', {});
    expect(answer.body).toBe(expected.toString());
    expect(answer).toMatchObject({ status: 200, contentType: 'text/xml; charset=utf-8' });
    expect(answer.body).toContain(
      '<Response><Connect><Stream url="wss://agents.example.com/ws/pod/p-1/CA1?a=1&amp;b=2"/></Connect></Response>',
    );
  });

  it('returns parameters inside the stream when there are some', () => {
    const expected = new twilioSdk.twiml.VoiceResponse();
    const stream = expected.connect().stream({ url: 'wss://agents.example.com/x' });
    stream.parameter({ name: 'pod', value: 'p-1' });
    stream.parameter({ name: 'who', value: 'a&"b"' });
    const answer = answers.connect('wss://agents.example.com/x', { pod: 'p-1', who: 'a&"b"\u0001' });
    expect(answer.body).toBe(expected.toString());
  });

  it('returns one Stream and nothing else whatever the URL holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (tail) => {
        const response = parseXml(answers.connect(`wss://agents.example.com/${tail}`, {}).body);
        expect(elementNames(response)).toEqual(['Response', 'Connect', 'Stream']);
      }),
    );
  });
});

/** What the service reads from a path with query. */
function meaningOf(path: string): string {
  const url = new URL(PUBLIC_BASE_URL + path);
  return JSON.stringify([url.pathname, [...url.searchParams]]);
}
