import { createHmac } from 'node:crypto';
import { valuesByKey } from '../form-body';

/*
 * Written out here, because the SDK throws on a missing header and compares with `===`; the tests hold both against
 * each other. Scheme: https://www.plivo.com/docs/voice/concepts/signature-validation
 */

/** What a V3 signature covers. */
export interface SignedRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** Parameters of the body; empty for a GET. */
  readonly form: URLSearchParams;
  readonly nonce: string;
}

/** URL, query and body parameters, each sorted, and the nonce. */
export function signatureV3(authToken: string, request: SignedRequest): string {
  return hmac(authToken, signedTextV3(request));
}

/** The text that a V3 signature covers. */
export function signedTextV3({ method, url, form, nonce }: SignedRequest): string {
  const { base, query } = splitUrl(url);
  const sortedQuery = sorted(query, '=').join('&');
  const sortedForm = method === 'POST' ? sorted(form, '').join('') : '';
  const hasForm = method === 'POST' && form.size > 0;
  const mark = sortedQuery !== '' || hasForm ? '?' : '';
  const separator = sortedQuery !== '' && hasForm ? '.' : '';
  return `${base}${mark}${sortedQuery}${separator}${sortedForm}.${nonce}`;
}

/** URL and nonce only: the parameters are not protected. */
export function signatureV2(authToken: string, url: string, nonce: string): string {
  return hmac(authToken, signedTextV2({ url, nonce }));
}

/** The text that a V2 signature covers. */
export function signedTextV2({ url, nonce }: Pick<SignedRequest, 'url' | 'nonce'>): string {
  return splitUrl(url).base + nonce;
}

/** The URL as far as its query, character for character, and the query decoded. */
function splitUrl(url: string): { base: string; query: URLSearchParams } {
  const [base = '', ...rest] = url.split('?');
  return { base, query: new URLSearchParams(rest.join('?')) };
}

function sorted(fields: URLSearchParams, separator: string): string[] {
  const values = valuesByKey(fields);
  return Object.keys(values)
    .sort()
    .flatMap((key) => (values[key] ?? []).sort().map((value) => key + separator + value));
}

function hmac(authToken: string, text: string): string {
  return createHmac('sha256', authToken).update(text, 'utf8').digest('base64');
}
