import * as fc from 'fast-check';
import * as plivo from 'plivo';
import { elementNames, parseXml } from '../../testing/parsed-xml';
import { formRequest, sampleSettings } from '../../testing/sample-webhooks';
import { PlivoProvider } from './plivo';

/** The SDK as its users load it; its declarations call the builder a plain function. */
const sdk = plivo as unknown as {
  Response: new () => {
    addSpeak(text: string, attributes: object): void;
    addHangup(attributes: object): void;
    toXML(): string;
  };
};

const provider = new PlivoProvider(sampleSettings());
const { answers } = provider;

describe('PlivoProvider', () => {
  it('returns authentic for anything when no token is configured', () => {
    expect(provider.verify(formRequest('/x', ''))).toEqual({ kind: 'authentic' });
    expect(provider.verifies).toBe(false);
  });

  it('returns refused for an unsigned request when a token is configured', () => {
    const guarded = new PlivoProvider(sampleSettings({ plivo: { authTokens: ['t'], acceptV2: true } }));
    expect(guarded.verify(formRequest('/x', '')).kind).toBe('refused');
    expect(guarded.verifies).toBe(true);
  });
});

describe('PlivoProvider.readCall', () => {
  it('returns the call with merchant, flow and template of the query', async () => {
    const request = formRequest('/x?merchant_id=acme&flow=sales&template=t-1', 'CallUUID=c-1&CallStatus=ringing');
    expect(await provider.readCall(request)).toEqual({
      kind: 'call',
      callSid: 'c-1',
      merchantId: 'acme',
      flow: 'sales',
      template: 't-1',
    });
  });

  it('returns invalid when the call id is missing', async () => {
    expect(await provider.readCall(formRequest('/x?CallUUID=c-1', 'CallSid=c-1'))).toMatchObject({
      kind: 'invalid',
      message: 'CallUUID is required',
    });
  });

  it('returns ended when the hang-up is reported to the answer URL', async () => {
    const request = formRequest('/x', 'CallUUID=c-1&Event=Hangup&CallStatus=completed');
    expect(await provider.readCall(request)).toEqual({ kind: 'ended', callSid: 'c-1', status: 'completed' });
  });
});

describe('PlivoProvider.readStatus', () => {
  it.each(['completed', 'busy', 'failed', 'timeout', 'no-answer', 'cancel'])('returns ended for %s', async (status) => {
    const reading = await provider.readStatus(formRequest('/x', `CallUUID=c-1&CallStatus=${status}`));
    expect(reading).toEqual({ kind: 'ended', callSid: 'c-1', status });
  });

  it.each(['ringing', 'in-progress', 'a-new-word'])('returns ongoing for %s', async (status) => {
    const reading = await provider.readStatus(formRequest('/x', `CallUUID=c-1&CallStatus=${status}`));
    expect(reading).toEqual({ kind: 'ongoing', callSid: 'c-1', status });
  });
});

describe('PlivoProvider.answers', () => {
  it('returns a two-way stream when a call is connected', () => {
    const answer = answers.connect('wss://agents.example.com/ws/pod/p-1/c-1?a=1&b=2');
    expect(answer).toMatchObject({ status: 200, contentType: 'text/xml; charset=utf-8' });
    expect(answer.body).toBe(
      '<Response><Stream bidirectional="true" keepCallAlive="true" contentType="audio/x-mulaw;rate=8000">' +
        'wss://agents.example.com/ws/pod/p-1/c-1?a=1&amp;b=2</Stream></Response>',
    );
  });

  it('returns one Stream and nothing else whatever the URL holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (tail) => {
        const response = parseXml(answers.connect(`wss://agents.example.com/${tail}`).body);
        expect(elementNames(response)).toEqual(['Response', 'Stream']);
      }),
    );
  });

  it('returns what the SDK writes when text has to be escaped', () => {
    const text = 'Q & A <b>"now"</b> \u{1f4de}';
    const settings = sampleSettings({ spoken: { noCapacity: text, failure: 'x' } });
    const expected = new sdk.Response();
    expected.addSpeak(text, {});
    expected.addHangup({});
    expect(new PlivoProvider(settings).answers.noCapacity('r').body).toBe(expected.toXML());
  });

  it.each([
    ['noCapacity', answers.noCapacity('r'), 'All agents are busy.'],
    ['failed', answers.failed({ code: 'INTERNAL', message: 'internal error' }, 'r'), 'Something went wrong.'],
  ])('returns a 200 that speaks and hangs up for %s', (_name, answer, text) => {
    expect(answer.status).toBe(200);
    expect(answer.body).toBe(`<Response><Speak>${text}</Speak><Hangup/></Response>`);
  });

  it('returns a well-formed document whatever the text holds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('\u0000', '\ud800', '<', '&', ']]>'),
        (text, nasty) => {
          const settings = sampleSettings({ spoken: { noCapacity: `${text}${nasty}${text}`, failure: 'x' } });
          const response = parseXml(new PlivoProvider(settings).answers.noCapacity('r').body);
          expect(elementNames(response)).toEqual(['Response', 'Speak', 'Hangup']);
        },
      ),
    );
  });

  it('returns a hang-up without a word when the call has ended', () => {
    expect(answers.callEnded('r')).toMatchObject({ status: 200, body: '<Response><Hangup/></Response>' });
  });

  it.each([
    [
      'badRequest',
      answers.badRequest({ kind: 'invalid', code: 'INVALID_FIELD', message: 'CallUUID is required' }, 'r'),
      400,
    ],
    ['refused', answers.refused({ kind: 'refused', status: 403, reason: 'wrong_signature' }, 'r'), 403],
    ['statusTaken', answers.statusTaken(), 200],
    ['statusFailed', answers.statusFailed({ code: 'INTERNAL', message: 'internal error' }, 'r'), 503],
  ])('returns a document without instructions for %s', (_name, answer, status) => {
    expect([answer.status, elementNames(parseXml(answer.body))]).toEqual([status, ['Response']]);
  });

  it('returns 400 with the problem in a comment when the request is invalid', () => {
    const message = 'CallUUID is required';
    const { body } = answers.badRequest({ kind: 'invalid', code: 'INVALID_FIELD', message }, 'r');
    expect(body).toBe('<Response/><!-- CallUUID is required -->');
  });
});
