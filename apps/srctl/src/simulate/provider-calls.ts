import { randomBytes, randomUUID } from 'node:crypto';
import { type Form, plivoSignature, twilioSignature } from './signatures';

export const PROVIDERS = ['twilio', 'plivo', 'exotel'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** How one provider speaks. */
export interface ProviderCall {
  /** The variable with the secret, as the server names it. */
  readonly secretVariable: string;
  /** An id of the kind that the provider gives its calls. */
  newCallId(): string;
  /** The headers that show who sends the form. @param url as the provider knows it */
  sign(form: Form, secret: string, url: string): Readonly<Record<string, string>>;
  /** What the provider sends of a call that comes in. */
  incoming(callId: string): Form;
  /** What it sends of a call that is over. */
  completed(callId: string): Form;
  /** The address of the stream; `undefined` where the answer has none. */
  streamUrlIn(answer: string): string | undefined;
  /** What the provider sends first on the stream. */
  start(callId: string): readonly object[];
  /** A piece of 20 ms of audio. */
  media(callId: string, audio: string): object;
}

const TWILIO_ACCOUNT = `AC${'0'.repeat(32)}`;
const TELEPHONE_AUDIO = { encoding: 'audio/x-mulaw', sampleRate: 8000 };

const twilio: ProviderCall = {
  secretVariable: 'TWILIO_AUTH_TOKEN',
  newCallId: () => `CA${randomBytes(16).toString('hex')}`,
  incoming: (callId) => ({ AccountSid: TWILIO_ACCOUNT, CallSid: callId, CallStatus: 'ringing', Direction: 'inbound' }),
  completed: (callId) => ({ AccountSid: TWILIO_ACCOUNT, CallSid: callId, CallStatus: 'completed' }),
  sign: (form, secret, url) => ({ 'x-twilio-signature': twilioSignature(secret, url, form) }),
  streamUrlIn: (answer) => unescaped(/<Stream\b[^>]*\burl="([^"]+)"/.exec(answer)?.[1]),
  start: (callId) => [
    { event: 'connected', protocol: 'Call', version: '1.0.0' },
    {
      event: 'start',
      streamSid: streamOf(callId),
      start: { callSid: callId, streamSid: streamOf(callId), mediaFormat: TELEPHONE_AUDIO },
    },
  ],
  media: (callId, payload) => ({ event: 'media', streamSid: streamOf(callId), media: { track: 'inbound', payload } }),
};

const plivo: ProviderCall = {
  secretVariable: 'PLIVO_AUTH_TOKEN',
  newCallId: () => randomUUID(),
  incoming: (callId) => ({ CallUUID: callId, CallStatus: 'ringing', Direction: 'inbound', Event: 'StartApp' }),
  completed: (callId) => ({ CallUUID: callId, CallStatus: 'completed', Event: 'Hangup' }),
  sign: (form, secret, url) => {
    const nonce = randomUUID();
    const signature = plivoSignature(secret, url, form, nonce);
    return { 'x-plivo-signature-v3': signature, 'x-plivo-signature-v3-nonce': nonce };
  },
  streamUrlIn: (answer) => unescaped(/<Stream\b[^>]*>([^<]+)<\/Stream>/.exec(answer)?.[1]?.trim()),
  start: (callId) => [{ event: 'start', start: { callId, streamId: streamOf(callId), mediaFormat: TELEPHONE_AUDIO } }],
  media: (callId, payload) => ({ event: 'media', streamId: streamOf(callId), media: { track: 'inbound', payload } }),
};

const exotel: ProviderCall = {
  secretVariable: 'EXOTEL_WEBHOOK_TOKEN',
  newCallId: () => randomBytes(16).toString('hex'),
  // With a status it would be a report, which gets no pod.
  incoming: (callId) => ({ CallSid: callId, Direction: 'incoming' }),
  completed: (callId) => ({ CallSid: callId, Status: 'completed' }),
  sign: (_form, secret) => ({ authorization: `Basic ${Buffer.from(`exotel:${secret}`).toString('base64')}` }),
  streamUrlIn: (answer) => {
    try {
      const { url } = JSON.parse(answer) as { url?: unknown };
      return typeof url === 'string' ? url : undefined;
    } catch {
      return undefined; // Not JSON: no address either.
    }
  },
  start: (callId) => [
    { event: 'connected' },
    { event: 'start', stream_sid: streamOf(callId), start: { call_sid: callId, stream_sid: streamOf(callId) } },
  ],
  media: (callId, payload) => ({ event: 'media', stream_sid: streamOf(callId), media: { payload } }),
};

export const PROVIDER_CALLS: Readonly<Record<ProviderName, ProviderCall>> = { twilio, plivo, exotel };

function streamOf(callId: string): string {
  return `MZ${callId.replaceAll(/\W/g, '').slice(-32)}`;
}

function unescaped(text: string | undefined): string | undefined {
  return text?.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
