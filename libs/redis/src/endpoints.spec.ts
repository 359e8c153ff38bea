import { formatEndpoints, parseEndpoints } from './endpoints';
import { InvalidRedisUrlError } from './errors';

describe('parseEndpoints', () => {
  it('returns host, port and database when the URL names them', () => {
    expect(parseEndpoints('redis://10.0.0.1:6380/2')).toEqual({
      mode: 'standalone',
      nodes: [{ host: '10.0.0.1', port: 6380 }],
      tls: false,
      database: 2,
    });
  });

  it('returns the defaults when the URL names only a host', () => {
    expect(parseEndpoints('redis://cache')).toMatchObject({ nodes: [{ host: 'cache', port: 6379 }], database: 0 });
  });

  it('returns the default port of sentinels when the mode is sentinel', () => {
    expect(parseEndpoints('redis://:secret@s1/3,redis://s2:26380', 'sentinel')).toEqual({
      mode: 'sentinel',
      nodes: [
        { host: 's1', port: 26379 },
        { host: 's2', port: 26380 },
      ],
      tls: false,
      password: 'secret',
      database: 3,
    });
  });

  it('returns decoded credentials when they are percent-encoded', () => {
    expect(parseEndpoints('redis://app:p%40ss%2Cword@cache')).toMatchObject({ username: 'app', password: 'p@ss,word' });
  });

  it('returns no user name when the URL has only a password', () => {
    const endpoints = parseEndpoints('redis://:secret@cache');

    expect(endpoints.password).toBe('secret');
    expect(endpoints).not.toHaveProperty('username');
  });

  it('asks for TLS when the scheme is rediss', () => {
    expect(parseEndpoints('rediss://cache').tls).toBe(true);
  });

  it('returns an address without brackets when the host is IPv6', () => {
    expect(parseEndpoints('redis://[::1]:7000').nodes).toEqual([{ host: '::1', port: 7000 }]);
  });

  it('returns a cluster when there are several URLs', () => {
    const endpoints = parseEndpoints('redis://:secret@a:7000, redis://b:7001');

    expect(endpoints).toMatchObject({
      mode: 'cluster',
      nodes: [
        { host: 'a', port: 7000 },
        { host: 'b', port: 7001 },
      ],
      password: 'secret',
    });
  });

  it('returns a cluster when the mode says so', () => {
    expect(parseEndpoints('redis://configuration-endpoint', 'cluster').mode).toBe('cluster');
  });

  it.each([
    ['another scheme', 'http://:secret@cache'],
    ['no scheme', 'cache:6379'],
    ['no host', 'redis://'],
    ['a port out of range', 'redis://:secret@cache:70000'],
    ['a path that is no number', 'redis://:secret@cache/main'],
    ['a password with a bare percent sign', 'redis://:secret%@cache'],
    ['mixed schemes', 'redis://:secret@a,rediss://b'],
    ['an empty part', 'redis://:secret@a,'],
    ['a database on a cluster', 'redis://:secret@a/1,redis://b/1'],
  ])('throws without the password when the URL has %s', (_case, url) => {
    const parse = (): unknown => parseEndpoints(url);

    expect(parse).toThrow(InvalidRedisUrlError);
    expect(parse).toThrow(expect.objectContaining({ message: expect.not.stringContaining('secret') }));
  });

  it('throws when a standalone Redis has several URLs', () => {
    expect(() => parseEndpoints('redis://a,redis://b', 'standalone')).toThrow('a standalone Redis has one URL');
  });
});

describe('formatEndpoints', () => {
  it.each([
    ['neither credentials nor query', 'rediss://app:secret@cache:6380/3?password=other', 'rediss://cache:6380/3'],
    ['all nodes', 'redis://:secret@a:7000,redis://[::1]:7001', 'redis://a:7000,redis://[::1]:7001'],
    ['the port that is meant', 'redis://cache', 'redis://cache:6379'],
  ])('returns %s when the URL is %s', (_what, url, shown) => {
    expect(formatEndpoints(parseEndpoints(url))).toBe(shown);
  });
});
