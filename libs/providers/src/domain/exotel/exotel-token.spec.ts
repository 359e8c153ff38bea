import { flippedBits, formRequest, sampleSettings } from '../../testing/sample-webhooks';
import { ExotelProvider } from './exotel';

const TOKEN = 'c0rrect-horse';
const provider = new ExotelProvider(sampleSettings({ exotel: { webhookTokens: () => [TOKEN] } }));

const AUTHENTIC = { kind: 'authentic' };
const WRONG = { kind: 'refused', status: 401, reason: 'wrong_token' };
const MISSING = { kind: 'refused', status: 401, reason: 'missing_token' };

function withAuthorization(authorization: string) {
  return formRequest('/x', 'CallSid=e-1', { headers: { authorization } });
}

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;

describe('ExotelProvider.verify', () => {
  it.each([`exotel:${TOKEN}`, `:${TOKEN}`, TOKEN])('returns authentic for the Basic credentials %s', (credentials) => {
    expect(provider.verify(withAuthorization(basic(credentials)))).toEqual(AUTHENTIC);
  });

  it('returns authentic when the token is user and password together', () => {
    const both = new ExotelProvider(sampleSettings({ exotel: { webhookTokens: () => ['user:password'] } }));
    expect(both.verify(withAuthorization(basic('user:password')))).toEqual(AUTHENTIC);
    expect(both.verify(withAuthorization(basic('other:password')))).toEqual(WRONG);
  });

  it('asks for the tokens that are in force at each request', () => {
    let tokens = ['the-old-token', 'the-new-token'];
    const rotated = new ExotelProvider(sampleSettings({ exotel: { webhookTokens: () => tokens } }));
    const verdicts = () =>
      ['the-old-token', 'the-new-token'].map((token) => rotated.verify(withAuthorization(basic(`:${token}`))));
    expect(verdicts()).toEqual([AUTHENTIC, AUTHENTIC]);
    tokens = ['the-new-token'];
    expect(verdicts()).toEqual([WRONG, AUTHENTIC]);
  });

  it('returns authentic when the token is in the query', () => {
    expect(provider.verify(formRequest(`/x?token=${TOKEN}`, 'CallSid=e-1'))).toEqual(AUTHENTIC);
  });

  it.each(['', 'Basic', 'Basic !!!', `Bearer ${TOKEN}`, TOKEN])('returns refused for the header %j', (header) => {
    expect(provider.verify(withAuthorization(header))).toEqual(MISSING);
  });

  it.each([basic('exotel:wrong'), basic(`${TOKEN}:`), basic('')])('returns refused for the header %s', (header) => {
    const verdict = provider.verify(withAuthorization(header));
    expect(verdict).toMatchObject({ kind: 'refused', status: 401 });
  });

  it('returns authentic when an empty token stands before the right one', () => {
    expect(provider.verify(formRequest(`/x?token=&token=${TOKEN}`, 'CallSid=e-1'))).toEqual(AUTHENTIC);
  });

  it('returns missing when the token is empty', () => {
    expect(provider.verify(formRequest('/x?token=', 'CallSid=e-1'))).toEqual(MISSING);
  });

  it('returns refused when any bit of the password is flipped', () => {
    for (const { text, place } of flippedBits(TOKEN)) {
      expect([place, provider.verify(withAuthorization(basic(`exotel:${text}`)))]).toEqual([place, WRONG]);
    }
  });

  it('returns refused when the token is in the body only', () => {
    expect(provider.verify(formRequest('/x', `CallSid=e-1&token=${TOKEN}`))).toEqual(MISSING);
  });

  it('returns refused when an address is forged instead', () => {
    const headers = { 'x-forwarded-for': '127.0.0.1' };
    expect(provider.verify(formRequest('/x', 'CallSid=e-1', { headers }))).toEqual(MISSING);
  });

  it('returns authentic for anything when no token is configured', () => {
    const open = new ExotelProvider(sampleSettings());
    expect(open.verify(formRequest('/x', ''))).toEqual(AUTHENTIC);
    expect([open.verifies, provider.verifies]).toEqual([false, true]);
  });
});
