import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { plivoSignature } from '@smart-router/testbed';
import { PUBLIC_BASE_URL, SECRETS, WEBHOOK_PREFIX } from '../product';

export type ProviderName = keyof typeof SECRETS;

export const PROVIDERS = Object.keys(SECRETS) as readonly ProviderName[];

/** A webhook as a provider sends it. */
export interface Webhook {
  /** Behind the public address. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Form = Readonly<Record<string, string>>;

const TWILIO_ACCOUNT = { AccountSid: `AC${'0'.repeat(32)}` };

/** An id as the provider gives it to a call. */
export function newCallSid(provider: ProviderName): string {
  return provider === 'plivo' ? randomUUID() : `CA${randomBytes(16).toString('hex')}`;
}

/** Asks what to do with a call that has come in. */
export function incomingCall(provider: ProviderName, callSid: string, merchantId: string): Webhook {
  const path = `${WEBHOOK_PREFIX}/${provider}/callback/order-confirmation?merchant_id=${merchantId}`;
  const fields = {
    twilio: { CallSid: callSid, CallStatus: 'ringing', ...TWILIO_ACCOUNT },
    plivo: { CallUUID: callSid, CallStatus: 'ringing', Event: 'StartApp' },
    exotel: { CallSid: callSid, CallStatus: 'ringing' },
  };
  return signed(provider, path, fields[provider]);
}

/** Reports that the call is over. */
export function endedCall(provider: ProviderName, callSid: string): Webhook {
  const path = `${WEBHOOK_PREFIX}/${provider}/callback/status`;
  const fields = {
    twilio: { CallSid: callSid, CallStatus: 'completed', ...TWILIO_ACCOUNT },
    plivo: { CallUUID: callSid, CallStatus: 'completed', Event: 'Hangup' },
    exotel: { CallSid: callSid, Status: 'completed', EventType: 'terminal' },
  };
  return signed(provider, path, fields[provider]);
}

function signed(provider: ProviderName, path: string, form: Form): Webhook {
  return {
    path,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      host: new URL(PUBLIC_BASE_URL).host,
      ...SIGNATURES[provider](PUBLIC_BASE_URL + path, form),
    },
    body: new URLSearchParams(form).toString(),
  };
}

/** As each provider documents it; Exotel signs nothing and sends credentials. */
const SIGNATURES: Readonly<Record<ProviderName, (url: string, form: Form) => Record<string, string>>> = {
  twilio: (url, form) => ({
    'x-twilio-signature': createHmac('sha1', SECRETS.twilio)
      .update(url + sortedFields(form))
      .digest('base64'),
  }),
  plivo: (url, form) => {
    const nonce = randomUUID();
    const signature = plivoSignature(SECRETS.plivo, url, form, nonce);
    return { 'x-plivo-signature-v3': signature, 'x-plivo-signature-v3-nonce': nonce };
  },
  exotel: () => ({ authorization: `Basic ${Buffer.from(`exotel:${SECRETS.exotel}`).toString('base64')}` }),
};

function sortedFields(form: Form): string {
  return Object.keys(form)
    .sort()
    .map((name) => name + form[name])
    .join('');
}
