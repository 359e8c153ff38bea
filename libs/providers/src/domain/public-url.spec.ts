import { publicUrlOf } from './public-url';

const forwarded = { 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'calls.example.com, proxy' };
const headers = { host: 'internal:8080', ...forwarded };
const request = { originalUrl: "/a%20b/c?x=%7E&y='z'", encrypted: false, headers };

describe('publicUrlOf', () => {
  it.each(['https://calls.example.com/voice', 'https://calls.example.com/voice/'])(
    'returns %s with path and query as received when it is configured',
    (publicBaseUrl) => {
      const url = publicUrlOf(request, { publicBaseUrl, trustForwarded: true });
      expect(url).toBe("https://calls.example.com/voice/a%20b/c?x=%7E&y='z'");
    },
  );

  it('returns what the outermost proxy saw when forwarded headers are trusted', () => {
    const url = publicUrlOf(request, { publicBaseUrl: null, trustForwarded: true });
    expect(url).toBe("https://calls.example.com/a%20b/c?x=%7E&y='z'");
  });

  it('returns the host of the request when forwarded headers are not trusted', () => {
    const url = publicUrlOf(request, { publicBaseUrl: null, trustForwarded: false });
    expect(url).toBe("http://internal:8080/a%20b/c?x=%7E&y='z'");
  });

  it('returns the host of the request when trusted headers are missing or empty', () => {
    const plain = { ...request, encrypted: true, headers: { host: 'internal:8080', 'x-forwarded-host': ' ' } };
    const url = publicUrlOf(plain, { publicBaseUrl: null, trustForwarded: true });
    expect(url).toBe("https://internal:8080/a%20b/c?x=%7E&y='z'");
  });
});
