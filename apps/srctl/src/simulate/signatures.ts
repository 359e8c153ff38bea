import { createHmac } from 'node:crypto';

/** The fields of a form, each once. */
export type Form = Readonly<Record<string, string>>;

/**
 * `X-Twilio-Signature` of a form post: address and sorted fields in one text, HMAC-SHA1.
 * Source: https://www.twilio.com/docs/usage/security#validating-requests
 *
 * @param url as the provider knows it, with its query
 */
export function twilioSignature(secret: string, url: string, form: Form): string {
  return createHmac('sha1', secret)
    .update(url + sortedFields(form), 'utf8')
    .digest('base64');
}

/**
 * `X-Plivo-Signature-V3` of a form post: address with its sorted query, sorted fields and nonce, HMAC-SHA256.
 * Source: https://www.plivo.com/docs/voice/concepts/signature-validation
 */
export function plivoSignature(secret: string, url: string, form: Form, nonce: string): string {
  const [base = '', search = ''] = url.split('?', 2);
  const query = [...new URLSearchParams(search)]
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&');
  const fields = sortedFields(form);
  const mark = query + fields === '' ? '' : '?';
  const separator = query !== '' && fields !== '' ? '.' : '';
  return createHmac('sha256', secret)
    .update(`${base}${mark}${query}${separator}${fields}.${nonce}`, 'utf8')
    .digest('base64');
}

function sortedFields(form: Form): string {
  return Object.keys(form)
    .sort()
    .map((name) => name + form[name])
    .join('');
}
