import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { validateSignature, validateV3Signature } from 'plivo';
import { randomParameters, toForm } from '../../testing/random-webhooks';
import { PUBLIC_BASE_URL } from '../../testing/sample-webhooks';
import { signatureV2, signatureV3 } from './plivo-signature';

const TOKEN = 'auth-token';

/** The parameters as the SDK wants them. Its map cannot hold `__proto__`, so that key is left out beforehand. */
function forSdk(parameters: [string, string][]): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const [key, value] of parameters) {
    (values[key] ??= []).push(value);
  }
  return values;
}

const sdkParameters = randomParameters.map((pairs) =>
  pairs.filter(([key]) => !(key in Object.prototype)).map(([key, value]): [string, string] => [key, value]),
);

/** Keys that the map of the SDK can hold. */
const sdkKeys = fc.string({ unit: 'binary', minLength: 1 }).filter((key) => !(key in Object.prototype));

/** The SDK asks `instanceof Array` of what Node parsed, which fails under Jest: there it knows no repeated query key. */
const sdkQuery = fc.uniqueArray(fc.tuple(sdkKeys, fc.string({ unit: 'binary' })), {
  selector: ([key]) => key,
  maxLength: 8,
});

const nonces = fc.stringMatching(/^[A-Za-z0-9]{1,32}$/);

const paths = fc.constantFrom('/', '/plivo/allocate', '/plivo/callback/a%20b/', '');

describe('signatureV3', () => {
  it('returns what the SDK accepts for a POST when parameters are in query and body', () => {
    fc.assert(
      fc.property(paths, sdkQuery, sdkParameters, nonces, (path, query, body, nonce) => {
        const url = `${PUBLIC_BASE_URL}${path}${query.length > 0 ? `?${toForm(query)}` : ''}`;
        const signature = signatureV3(TOKEN, { method: 'POST', url, form: new URLSearchParams(body), nonce });
        expect(validateV3Signature('POST', url, nonce, TOKEN, signature, forSdk(body))).toBe(true);
      }),
    );
  });

  it('returns what the SDK accepts for a GET', () => {
    fc.assert(
      fc.property(paths, sdkQuery, nonces, (path, query, nonce) => {
        const url = `${PUBLIC_BASE_URL}:8443${path}?${toForm(query)}`;
        const signature = signatureV3(TOKEN, { method: 'GET', url, form: new URLSearchParams(), nonce });
        expect(validateV3Signature('GET', url, nonce, TOKEN, signature, {})).toBe(true);
      }),
    );
  });

  it('returns the signature over the sorted values when a query key is repeated', () => {
    const url = `${PUBLIC_BASE_URL}/x?b=&a=2&a=1`;
    const signedText = `${PUBLIC_BASE_URL}/x?a=1&a=2&b=.k1v.nonce`;
    const expected = createHmac('sha256', TOKEN).update(signedText).digest('base64');
    const request = { method: 'POST', url, form: new URLSearchParams('k1=v'), nonce: 'nonce' } as const;
    expect(signatureV3(TOKEN, request)).toBe(expected);
  });

  it('returns another signature when the method differs', () => {
    const request = { url: `${PUBLIC_BASE_URL}/x`, form: new URLSearchParams('a=1'), nonce: 'n' };
    expect(signatureV3(TOKEN, { ...request, method: 'GET' })).not.toBe(
      signatureV3(TOKEN, { ...request, method: 'POST' }),
    );
  });
});

describe('signatureV2', () => {
  it('returns what the SDK accepts', () => {
    fc.assert(
      fc.property(paths, sdkQuery, nonces, (path, query, nonce) => {
        const url = `${PUBLIC_BASE_URL}${path}?${toForm(query)}`;
        expect(validateSignature(url, nonce, signatureV2(TOKEN, url, nonce), TOKEN)).toBe(true);
      }),
    );
  });
});
