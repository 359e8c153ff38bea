import { VOICE_AGENT_BASE_URL } from '../fleet/environment';
import { resetFleet } from '../fleet/reset';
import { sendForm, sendJson, sendRequest } from '@smart-router/testbed';
import { plivoStream, twilioStream } from '../webhooks/provider-documents';
import { type ScenarioFleet } from './call-scenarios';

const CALLBACKS = '/agent/voice/breeze-buddy';

function streamOf(podName: string, callSid: string): string {
  return `${VOICE_AGENT_BASE_URL}/ws/pod/${podName}/${callSid}`;
}

/** Webhooks of all providers on a fleet without secrets. @param fleet read in each test */
export function describeWebhooks(fleet: () => ScenarioFleet): void {
  afterEach(() => resetFleet(fleet().first));

  const podOf = async (callSid: string): Promise<string> => (await fleet().second.call(callSid)).body.pod_name;

  describe.each([
    ['the public path', `${CALLBACKS}/twilio/callback/test-template`],
    ['the path of the API', '/api/v1/twilio/allocate'],
  ])('a webhook of Twilio at %s', (_, path) => {
    it('is answered with TwiML that connects the stream', async () => {
      const { baseUrl } = fleet().first;
      const form = { CallSid: 'twilio-1', AccountSid: 'ACtest', From: '+1234567890', To: '+0987654321' };
      const { status, headers, text } = await sendForm(`${baseUrl}${path}?merchant_id=test-merchant`, form);
      expect({ status, type: headers.get('content-type') }).toEqual({
        status: 200,
        type: expect.stringMatching(/^text\/xml/),
      });
      expect(text).toBe(twilioStream(streamOf(await podOf('twilio-1'), 'twilio-1')));
      expect((await fleet().second.call('twilio-1')).body).toMatchObject({
        merchant_id: 'test-merchant',
        provider: 'twilio',
        source_pool: 'pool:standard',
      });
    });
  });

  describe.each([
    ['the public path', `${CALLBACKS}/plivo/callback/test-template`],
    ['the path of the API', '/api/v1/plivo/allocate'],
  ])('a webhook of Plivo at %s', (_, path) => {
    it('is answered with XML that streams both ways', async () => {
      const form = { CallUUID: 'plivo-1', From: '1234567890', To: '0987654321' };
      const { status, headers, text } = await sendForm(`${fleet().first.baseUrl}${path}?merchant_id=m`, form);
      expect({ status, type: headers.get('content-type') }).toEqual({
        status: 200,
        type: expect.stringMatching(/^text\/xml/),
      });
      expect(text).toBe(plivoStream(streamOf(await podOf('plivo-1'), 'plivo-1')));
    });
  });

  describe.each([
    ['the public path', `${CALLBACKS}/exotel/callback/test-template`],
    ['the path of the API', '/api/v1/exotel/allocate'],
  ])('a webhook of Exotel at %s', (_, path) => {
    const expectStream = async (status: number, body: unknown, callSid: string): Promise<void> => {
      expect({ status, body }).toEqual({ status: 200, body: { url: streamOf(await podOf(callSid), callSid) } });
      expect((await fleet().second.call(callSid)).body).toMatchObject({ merchant_id: 'test-merchant' });
    };

    it('is answered with the address of the stream when it is JSON', async () => {
      const body = { CallSid: 'exotel-1', merchant_id: 'test-merchant' };
      const answer = await sendJson('POST', fleet().first.baseUrl + path, body);
      await expectStream(answer.status, answer.body, 'exotel-1');
    });

    it('is answered with the address of the stream when it is a form', async () => {
      const url = `${fleet().first.baseUrl}${path}?merchant_id=test-merchant`;
      const answer = await sendForm(url, { CallSid: 'exotel-2' });
      await expectStream(answer.status, answer.body, 'exotel-2');
    });

    it('is answered with the address of the stream when it is a query', async () => {
      const answer = await sendRequest(`${fleet().first.baseUrl}${path}?CallSid=exotel-3&merchant_id=test-merchant`);
      await expectStream(answer.status, answer.body, 'exotel-3');
    });
  });

  it('gives one call one pod when its webhook comes 20 times at once, to all processes', async () => {
    const { first, second } = fleet();
    const sent = Array.from({ length: 20 }, (_, index) =>
      sendForm(`${(index % 2 ? first : second).baseUrl}/api/v1/twilio/allocate`, { CallSid: 'repeated-1' }),
    );
    const answers = (await Promise.all(sent)).map(({ status, text }) => ({ status, text }));
    const connected = { status: 200, text: twilioStream(streamOf(await podOf('repeated-1'), 'repeated-1')) };
    expect(answers).toEqual(answers.map(() => connected));
    expect((await first.status()).body.active_calls).toBe(1);
  });
}
