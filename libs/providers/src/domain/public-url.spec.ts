import { publicUrlsOf, type UrlParts } from './public-url';

const PATH = "/a%20b/c?x=%7E&y='z'";
const TRUSTED = { publicBaseUrl: null, trustForwarded: true };
const forwarded = { 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'calls.example.com, proxy' };

function request(headers: Record<string, string>, changes: Partial<UrlParts> = {}): UrlParts {
  return { originalUrl: PATH, encrypted: false, isFromProxy: true, headers, ...changes };
}

const plain = request({ host: 'internal:8080' });

describe('publicUrlsOf', () => {
  it('returns the configured address with path and query as received', () => {
    const settings = { publicBaseUrl: 'https://calls.example.com/voice', trustForwarded: true };
    expect(publicUrlsOf(request({ host: 'internal:8080', ...forwarded }), settings)).toEqual([
      `https://calls.example.com/voice${PATH}`,
    ]);
  });

  it.each([
    ['calls.example.com', {}],
    ['calls.example.com', { 'x-forwarded-port': '443' }],
    ['calls.example.com:8443', { 'x-forwarded-port': '8443' }],
    ['calls.example.com', { 'x-forwarded-port': 'https' }],
    ['calls.example.com/voice', { 'x-forwarded-prefix': '/voice/' }],
    ['calls.example.com/voice', { 'x-forwarded-prefix': '/voice, /inner' }],
    ['calls.example.com', { 'x-forwarded-prefix': 'voice' }],
    ['calls.example.com:8443/voice', { 'x-forwarded-port': '8443', 'x-forwarded-prefix': '/voice' }],
    ['calls.example.com', { forwarded: 'proto=http;host=other.example.com' }],
  ])('returns what the outermost proxy saw, %s, when forwarded headers are trusted: %j', (address, more) => {
    const parts = request({ host: 'internal:8080', ...forwarded, ...more } as Record<string, string>);
    expect(publicUrlsOf(parts, TRUSTED)).toEqual([`https://${address}${PATH}`]);
  });

  it('takes the port of the host before that of its own header', () => {
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'calls.example.com:8443' };
    expect(publicUrlsOf(request({ ...headers, 'x-forwarded-port': '9000' }), TRUSTED)).toEqual([
      `https://calls.example.com:8443${PATH}`,
    ]);
  });

  it.each([
    ['https://calls.example.com', 'for=192.0.2.1;proto=https;host=calls.example.com, for=10.0.0.1;host=inner'],
    ['https://calls.example.com:8443', 'For="[2001:db8::1]:4711"; Proto=HTTPS; Host="calls.example.com:8443"'],
    ['https://internal:8080', 'proto=https'],
    ['http://internal:8080', 'proto=https;;host'],
    ['http://internal:8080', ''],
  ])('returns %s when the standard header says %j', (base, header) => {
    expect(publicUrlsOf(request({ host: 'internal:8080', forwarded: header }), TRUSTED)).toEqual([base + PATH]);
  });

  it.each<[string, Partial<UrlParts>, typeof TRUSTED]>([
    ['are not trusted', {}, { ...TRUSTED, trustForwarded: false }],
    ['come from somebody else than a proxy', { isFromProxy: false }, TRUSTED],
  ])('returns the host of the request when forwarded headers %s', (_why, changes, settings) => {
    const headers = { host: 'internal:8080', ...forwarded, forwarded: 'host=x', 'x-forwarded-prefix': '/p' };
    expect(publicUrlsOf(request(headers, changes), settings)).toEqual([`http://internal:8080${PATH}`]);
  });

  it('returns the host of the request when trusted headers are missing or empty', () => {
    const parts = request({ host: 'internal:8080', 'x-forwarded-host': ' ' }, { encrypted: true });
    expect(publicUrlsOf(parts, TRUSTED)).toEqual([`https://internal:8080${PATH}`]);
  });

  it.each([
    [`http://calls.example.com${PATH}`, `HTTP://Calls.example.com${PATH}`, `http://Calls.example.com${PATH}`],
    [`https://calls.example.com${PATH}`, `https://calls.example.com:443${PATH}`],
    ['http://calls.example.com/?x=1', 'http://calls.example.com?x=1'],
    ['http://calls.example.com/', 'http://calls.example.com'],
  ])('returns %s when the target is the whole URL %s', (url, originalUrl, ...spelled) => {
    expect(publicUrlsOf({ ...plain, originalUrl }, TRUSTED)).toEqual([url, ...spelled]);
  });

  it('returns the path of a whole URL below the configured address', () => {
    const settings = { publicBaseUrl: 'https://calls.example.com', trustForwarded: false };
    const parts = { ...plain, originalUrl: `http://internal:8080${PATH}` };
    expect(publicUrlsOf(parts, settings)).toEqual([`https://calls.example.com${PATH}`]);
  });

  it('returns the host as the request spells it, too, when that is the configured one in other cases', () => {
    const settings = { publicBaseUrl: 'https://calls.example.com/voice', trustForwarded: false };
    expect(publicUrlsOf(request({ host: 'Calls.Example.com' }), settings)).toEqual([
      `https://calls.example.com/voice${PATH}`,
      `https://Calls.Example.com/voice${PATH}`,
    ]);
  });
});
