import { X509Certificate } from 'node:crypto';
import { certificates } from './kinds';

/** An authority that nobody trusts, valid for a hundred years. */
const PEM = `-----BEGIN CERTIFICATE-----
MIIBijCCAS+gAwIBAgIUAK92BWZKrYFFbQHwV6s02pW+X0UwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOdGVzdC1hdXRob3JpdHkwIBcNMjYxMTI4MjA0ODE5WhgPMjEy
NjExMDQyMDQ4MTlaMBkxFzAVBgNVBAMMDnRlc3QtYXV0aG9yaXR5MFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAE8JOfNVlHVgXX/00HsVgt0BbDFnyzmQ3v6sKOyP/U
eVTM7h00Vv8PdhrQWFBab2YO9OUX6wXxzwG+8Vf8OmujH6NTMFEwHQYDVR0OBBYE
FOe06isYCiw8r8IQdtFLJwaZvCHtMB8GA1UdIwQYMBaAFOe06isYCiw8r8IQdtFL
JwaZvCHtMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAKmtH7/s
F0G37UnN+tY2Qrq+JwzgzAhndsFxIhM5AVyOAiEA17CqCvliT05Y1PTVC4jydG/P
i/vGlem/9kx2X2CHZwc=
-----END CERTIFICATE-----`;

describe('certificates', () => {
  it.each([
    ['with line breaks', PEM],
    ['with written line breaks', PEM.replaceAll('\n', '\\n')],
    ['with written line breaks of Windows', PEM.replaceAll('\n', '\\r\\n')],
    ['with a line break at the end', `${PEM}\n`],
  ])('returns a certificate that can be read when it is given %s', (_, text) => {
    expect(new X509Certificate(certificates.parse(text)).subject).toBe('CN=test-authority');
  });

  it('returns all certificates when there are several', () => {
    const both = `${PEM}\n${PEM}`;
    expect(certificates.parse(both.replaceAll('\n', '\\n'))).toBe(both);
  });

  it.each([
    ['no certificate', 'a text'],
    ['a key', PEM.replaceAll('CERTIFICATE', 'PRIVATE KEY')],
    ['spaces for line breaks', PEM.replaceAll('\n', ' ')],
    ['a certificate that was cut short', `${PEM.slice(0, 200)}\n-----END CERTIFICATE-----`],
    ['a second one that was cut short', `${PEM}\n${PEM.slice(0, 200)}`],
    ['an example', '-----BEGIN CERTIFICATE-----…-----END CERTIFICATE-----'],
  ])('refuses %s', (_, text) => {
    expect(() => certificates.parse(text)).toThrow('certificates in PEM form');
  });
});
