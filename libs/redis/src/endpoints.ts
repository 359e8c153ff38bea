import { InvalidRedisUrlError } from './errors';

export type RedisMode = 'standalone' | 'cluster' | 'sentinel';

/** How the sentinels are asked, and for what. */
export interface SentinelGroup {
  /** The name under which the sentinels know the master. */
  readonly masterName: string;
  /** Of the sentinels; those of the servers are in the URL. */
  readonly username?: string;
  readonly password?: string;
}

interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** What a Redis URL says. */
export interface Endpoints {
  readonly mode: RedisMode;
  /** One for standalone; at least one to find a cluster through; the sentinels in sentinel mode. */
  readonly nodes: readonly [HostAndPort, ...HostAndPort[]];
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
  readonly database: number;
}

const DEFAULT_PORT = 6379;
const DEFAULT_SENTINEL_PORT = 26_379;

/**
 * Reads `redis://[user:password@]host[:port][/database]`, `rediss://` for TLS, or several of them separated by
 * commas. Credentials and database come from the first one; in sentinel mode they are those of the servers, while the
 * addresses are those of the sentinels. @throws InvalidRedisUrlError
 */
export function parseEndpoints(url: string, mode?: RedisMode): Endpoints {
  const [first, ...others] = url.split(',').map((part) => parsePart(part.trim())) as [URL, ...URL[]];
  if (others.some(({ protocol }) => protocol !== first.protocol)) {
    throw new InvalidRedisUrlError('all nodes need the same scheme');
  }
  const endpoints: Endpoints = {
    mode: mode ?? (others.length > 0 ? 'cluster' : 'standalone'),
    nodes: [hostAndPort(first, mode), ...others.map((other) => hostAndPort(other, mode))],
    tls: first.protocol === 'rediss:',
    ...(first.username && { username: decode(first.username) }),
    ...(first.password && { password: decode(first.password) }),
    database: databaseOf(first),
  };
  checkMode(endpoints);
  return endpoints;
}

/** The endpoints for logs and messages: no credentials, no query. */
export function formatEndpoints({ nodes, tls, database }: Endpoints): string {
  const scheme = tls ? 'rediss' : 'redis';
  const path = database === 0 ? '' : `/${database}`;
  return nodes
    .map(({ host, port }) => `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`)
    .join(',');
}

function parsePart(text: string): URL {
  if (!/^rediss?:\/\//.test(text)) throw new InvalidRedisUrlError('it must begin with redis:// or rediss://');
  if (!URL.canParse(text)) throw new InvalidRedisUrlError('it cannot be read');
  const part = new URL(text);
  if (part.hostname === '') throw new InvalidRedisUrlError('it names no host');
  return part;
}

function hostAndPort({ hostname, port }: URL, mode: RedisMode | undefined): HostAndPort {
  const defaultPort = mode === 'sentinel' ? DEFAULT_SENTINEL_PORT : DEFAULT_PORT;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? defaultPort : Number(port) };
}

function databaseOf({ pathname }: URL): number {
  const text = pathname.replace(/^\//, '');
  if (!/^\d{0,4}$/.test(text)) throw new InvalidRedisUrlError('the path must be the number of a database');
  return Number(text);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new InvalidRedisUrlError('the credentials must be percent-encoded');
  }
}

function checkMode({ mode, nodes, database }: Endpoints): void {
  if (mode === 'standalone' && nodes.length > 1) throw new InvalidRedisUrlError('a standalone Redis has one URL');
  if (mode === 'cluster' && database !== 0) throw new InvalidRedisUrlError('a cluster has database 0 only');
}
