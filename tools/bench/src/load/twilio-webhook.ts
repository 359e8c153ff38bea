import { createHash, createHmac } from 'node:crypto';
import { post } from './http-requests';

const ACCOUNT_SID = `AC${'0'.repeat(32)}`;

/** Where webhooks come in, and what their signatures are made from. */
export interface TwilioAccount {
  readonly publicBaseUrl: string;
  readonly authToken: string;
}

/**
 * A webhook as Twilio sends it, signed: HMAC-SHA1 over the public URL and the sorted parameters
 * (https://www.twilio.com/docs/usage/webhooks/webhooks-security).
 */
export function twilioWebhook(callSid: string, merchantId: string, account: TwilioAccount): string {
  const path = `/api/v1/twilio/allocate?merchant_id=${merchantId}`;
  const parameters = { AccountSid: ACCOUNT_SID, CallSid: callSid, CallStatus: 'ringing', Direction: 'inbound' };
  const signed = Object.entries(parameters).reduce((text, [name, value]) => text + name + value, '');
  const signature = createHmac('sha1', account.authToken)
    .update(account.publicBaseUrl + path + signed)
    .digest('base64');
  const body = new URLSearchParams(parameters).toString();
  return post(path, 'application/x-www-form-urlencoded', body, [`X-Twilio-Signature: ${signature}`]);
}

/** The id that Twilio might give the call of this name: signed requests must have ids of its kind. */
export function twilioCallSid(name: string): string {
  return `CA${createHash('md5').update(name).digest('hex')}`;
}

/** The pod that the TwiML sends the call to. @throws where it does not send this call anywhere */
export function podOfTwiml(twiml: string, callSid: string): string {
  const pod = new RegExp(`<Connect><Stream url="[^"]+/ws/pod/([^/"]+)/${callSid}"`).exec(twiml)?.[1];
  if (pod === undefined) throw new Error(`this is no stream for ${callSid}: ${twiml}`);
  return pod;
}
