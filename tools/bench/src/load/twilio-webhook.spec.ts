import { podOfTwiml, twilioCallSid, twilioWebhook } from './twilio-webhook';

const ACCOUNT = { publicBaseUrl: 'https://calls.example.com', authToken: 'secret' };

describe('twilioWebhook', () => {
  it('says the length of its body', () => {
    const request = twilioWebhook('CA1', 'acme', ACCOUNT);
    const [head, body] = request.split('\r\n\r\n') as [string, string];

    expect(head).toContain(`Content-Length: ${body.length}`);
    expect(body).toContain('CallSid=CA1');
  });

  it('has another signature for another call', () => {
    const signature = (callSid: string) => /X-Twilio-Signature: (\S+)/.exec(twilioWebhook(callSid, 'a', ACCOUNT))?.[1];

    expect(signature('CA1')).toMatch(/^[\w+/]{27}=$/);
    expect(signature('CA1')).not.toBe(signature('CA2'));
  });
});

describe('twilioCallSid', () => {
  it('has the form of an id of Twilio, another one for each name', () => {
    expect(twilioCallSid('F-1')).toMatch(/^CA[0-9a-f]{32}$/);
    expect(twilioCallSid('F-1')).not.toBe(twilioCallSid('F-2'));
  });
});

describe('podOfTwiml', () => {
  const TWIML = '<Response><Connect><Stream url="ws://a:1/ws/pod/pod-7/CA1"/></Connect></Response>';

  it('returns the pod when the call is sent to one', () => {
    expect(podOfTwiml(TWIML, 'CA1')).toBe('pod-7');
  });

  it.each([
    ['CA2', TWIML],
    ['CA1', '<Response><Say>busy</Say><Hangup/></Response>'],
  ])('throws when %s is sent nowhere', (callSid, twiml) => {
    expect(() => podOfTwiml(twiml, callSid)).toThrow(`this is no stream for ${callSid}`);
  });
});
