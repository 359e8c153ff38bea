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
    const guarded = new PlivoProvider(sampleSettings({ plivo: { authTokens: () => ['t'], acceptV2: true } }));
    expect(guarded.verify(formRequest('/x', '')).kind).toBe('refused');
    expect(guarded.verifies).toBe(true);
  });
});

describe('PlivoProvider.read of a request for media', () => {
  it('returns the call with merchant, flow and template of the query', async () => {
    const request = formRequest('/x?merchant_id=acme&flow=sales&template=t-1', 'CallUUID=c-1&CallStatus=ringing');
    expect(await provider.read(request)).toEqual({
      kind: 'media',
      callSid: 'c-1',
      merchantId: 'acme',
      flow: 'sales',
      template: 't-1',
      status: 'ringing',
    });
  });

  it('returns invalid when the call id is missing', async () => {
    expect(await provider.read(formRequest('/x?CallUUID=c-1', 'CallSid=c-1'))).toMatchObject({
      kind: 'invalid',
      message: 'CallUUID is required',
    });
  });

  it.each(['StartApp', 'Redirect'])('returns the call when the event is %s', async (event) => {
    const reading = await provider.read(formRequest('/x', `CallUUID=c-1&Event=${event}&CallStatus=in-progress`));
    expect(reading).toMatchObject({ kind: 'media', callSid: 'c-1', status: 'in-progress' });
  });
});

describe('PlivoProvider.read of a report', () => {
  it.each(['completed', 'busy', 'failed', 'timeout', 'no-answer', 'cancel'])('returns ended for %s', async (status) => {
    for (const event of ['', '&Event=Hangup']) {
      const reading = await provider.read(formRequest('/x', `CallUUID=c-1&CallStatus=${status}${event}`));
      expect(reading).toEqual({ kind: 'ended', callSid: 'c-1', status });
    }
  });

  it('returns ended for a hang-up that says nothing more', async () => {
    const reading = await provider.read(formRequest('/x', 'CallUUID=c-1&Event=Hangup'));
    expect(reading).toEqual({ kind: 'ended', callSid: 'c-1', status: 'hangup' });
  });

  it('returns progress for a call that rings', async () => {
    const reading = await provider.read(formRequest('/x', 'CallUUID=c-1&Event=Ring&CallStatus=ringing'));
    expect(reading).toEqual({ kind: 'progress', callSid: 'c-1', status: 'ringing' });
  });

  it.each([
    ['Event=StartStream&StreamID=s-1', 'stream'],
    ['Event=StopStream&StreamID=s-1&CallStatus=completed', 'stream'],
    ['Event=ConferenceEnter&ConferenceUUID=u-1', 'conference'],
    ['Event=DialAnswer&DialBLegStatus=answer&CallStatus=in-progress', 'other'],
    ['Event=RecordStop&RecordingID=r-1', 'recording'],
    ['RecordUrl=https%3A%2F%2Fx', 'recording'],
    ['Machine=true&Event=MachineDetection', 'machine_detection'],
    ['TranscriptionID=t-1', 'transcription'],
  ])('returns an event for %s', async (more, event) => {
    const reading = await provider.read(formRequest('/x', `CallUUID=c-1&${more}`));
    expect(reading).toEqual({ kind: 'event', event, callSid: 'c-1' });
  });
});

describe('PlivoProvider.answers', () => {
  it('returns a two-way stream when a call is connected', () => {
    const answer = answers.connect('wss://agents.example.com/ws/pod/p-1/c-1?a=1&b=2', {});
    expect(answer).toMatchObject({ status: 200, contentType: 'text/xml; charset=utf-8' });
    expect(answer.body).toBe(
      '<Response><Stream bidirectional="true" keepCallAlive="true" contentType="audio/x-mulaw;rate=8000">' +
        'wss://agents.example.com/ws/pod/p-1/c-1?a=1&amp;b=2</Stream></Response>',
    );
  });

  it('returns one Stream and nothing else whatever the URL holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (tail) => {
        const response = parseXml(answers.connect(`wss://agents.example.com/${tail}`, {}).body);
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
});
