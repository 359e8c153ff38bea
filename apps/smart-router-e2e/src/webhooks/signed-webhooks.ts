import { validateV3Signature } from 'plivo';
import { createHash, randomUUID } from 'node:crypto';
import { plivoSignature } from '@smart-router/testbed';
import twilio from 'twilio';

export type Form = Readonly<Record<string, string>>;
export type SignatureHeaders = Readonly<Record<string, string>>;

/** The account in whose name the signed requests of Twilio are sent. */
export const TWILIO_ACCOUNT = { AccountSid: `AC${'0'.repeat(32)}` };

/** The id that the provider would give the call of this name: signed requests must have ids of its kind. */
export function callIdFor(provider: string, name: string): string {
  const hash = createHash('md5').update(name).digest('hex');
  return provider === 'twilio' ? `CA${hash}` : hash.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Signs a form post as Twilio does. @param url as the provider knows it, with the query */
export function signedByTwilio(authToken: string, url: string, form: Form): SignatureHeaders {
  return { 'x-twilio-signature': twilio.getExpectedTwilioSignature(authToken, url, form) };
}

/** Signs a form post as Plivo does. The SDK can only check a signature. @throws where it does not accept this one */
export function signedByPlivo(
  authToken: string,
  url: string,
  form: Form,
  nonce: string = randomUUID(),
): SignatureHeaders {
  const signature = plivoSignature(authToken, url, form, nonce);
  if (!validateV3Signature('POST', url, nonce, authToken, signature, { ...form })) {
    throw new Error('the SDK of Plivo does not accept the signature');
  }
  return { 'x-plivo-signature-v3': signature, 'x-plivo-signature-v3-nonce': nonce };
}

/** Credentials as Exotel sends them where they stand in the registered URL. */
export function basicCredentials(user: string, password: string): SignatureHeaders {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
