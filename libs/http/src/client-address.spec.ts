import { clientAddressOf, TrustedProxies } from './client-address';

describe('clientAddressOf', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:4711', '192.0.2.1'],
    [' 192.0.2.1 ', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['[::ffff:192.0.2.1]:4711', '192.0.2.1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    // Nothing distinguishes the last group from a port.
    ['2001:db8::1:4711', '2001:db8::1:4711'],
  ])('returns of %j the address %s', (text, address) => {
    expect(clientAddressOf({ ip: text })).toBe(address);
  });

  it.each(['', 'unknown', '_hidden', '300.1.1.1:80', '[x]:1', '1.2.3.4:port'])(
    'returns %j, which is no address',
    (text) => {
      expect(clientAddressOf({ ip: text })).toBe(text);
    },
  );
});

describe('TrustedProxies', () => {
  const proxies = new TrustedProxies(['10.0.0.0/8', '192.0.2.7', 'fd00::/8', '2001:db8::7']);

  it.each(['10.1.2.3', '10.1.2.3:4711', '::ffff:10.1.2.3', '192.0.2.7', 'fd12::1', '[fd12::1]:80', '2001:db8::7'])(
    'include %s',
    (address) => {
      expect(proxies.includes(address)).toBe(true);
    },
  );

  it.each(['11.1.2.3', '192.0.2.8', '192.0.2.8:7', 'fe00::1', '2001:db8::8', '', 'unknown'])(
    'leave %j out',
    (address) => {
      expect(proxies.includes(address)).toBe(false);
    },
  );
});
