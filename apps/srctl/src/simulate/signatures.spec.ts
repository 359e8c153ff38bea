import * as fc from 'fast-check';
import { validateV3Signature } from 'plivo';
import twilio from 'twilio';
import { plivoSignature, twilioSignature } from './signatures';

const SECRET = 'auth-token';
const URLS = [
  'https://router.example.com/api/v1/x/allocate',
  'https://router.example.com/x?merchant_id=acme&flow=a%20b',
];

/** The SDKs collect the fields in maps that cannot hold what every object has. */
const forms = fc.dictionary(
  fc.string({ minLength: 1 }).filter((name) => !(name in Object.prototype)),
  fc.string(),
  { noNullPrototype: true },
);
const urls = fc.constantFrom(...URLS);

describe('twilioSignature', () => {
  it('returns what the SDK of Twilio expects', () => {
    fc.assert(
      fc.property(urls, forms, (url, form) => {
        expect(twilioSignature(SECRET, url, form)).toBe(twilio.getExpectedTwilioSignature(SECRET, url, form));
      }),
    );
  });
});

describe('plivoSignature', () => {
  it('returns what the SDK of Plivo accepts', () => {
    fc.assert(
      fc.property(urls, forms, fc.uuid(), (url, form, nonce) => {
        const signature = plivoSignature(SECRET, url, form, nonce);
        expect(validateV3Signature('POST', url, nonce, SECRET, signature, form)).toBe(true);
      }),
    );
  });
});
