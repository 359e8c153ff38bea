import { createHmac } from 'node:crypto';

/**
 * `X-Plivo-Signature-V3` of a form post: address with its sorted query, a dot where there is one, the sorted fields, a
 * dot, the nonce; HMAC-SHA256 (https://www.plivo.com/docs/voice/concepts/signature-validation).
 *
 * @param url as the provider knows it, with its query
 */
export function plivoSignature(
  authToken: string,
  url: string,
  form: Readonly<Record<string, string>>,
  nonce: string,
): string {
  const [base, query = ''] = url.split('?');
  const sortedQuery = [...new URLSearchParams(query)].map(([key, value]) => `${key}=${value}`).sort();
  const fields = Object.keys(form)
    .sort()
    .map((key) => key + form[key]);
  const separator = sortedQuery.length > 0 ? '.' : '';
  const text = `${base}?${sortedQuery.join('&')}${separator}${fields.join('')}.${nonce}`;
  return createHmac('sha256', authToken).update(text).digest('base64');
}
