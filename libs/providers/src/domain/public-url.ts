import { forwardedOrigin } from './forwarded-headers';

/** How the providers reach this service. */
export interface PublicUrlSettings {
  /**
   * Scheme, host and, where a proxy cuts one off, a path: scheme and host in lower case, no port that is the scheme's
   * own, no slash at the end, nothing else. `null` where it is taken from the request.
   */
  readonly publicBaseUrl: string | null;
  /** Whether `Forwarded` and `X-Forwarded-*` come from a proxy of our own. */
  readonly trustForwarded: boolean;
}

export interface UrlParts {
  /** The target of the request line: path and query, or a whole URL (RFC 9112, 3.2.2). */
  readonly originalUrl: string;
  readonly encrypted: boolean;
  /** Whether the connection comes from a proxy whose headers may be believed. */
  readonly isFromProxy: boolean;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** Where a request was sent to, as far as this process can see. */
interface Origin {
  readonly scheme: string;
  readonly host: string;
  /** What a proxy cut off the path. */
  readonly prefix: string;
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: ':80', https: ':443' };

/**
 * The URL that the provider called and signed: first as it is normalized, and, where the request spells the host in
 * other cases, a second time so. A wrong guess can only make a true signature fail, never a false one pass, since the
 * signature needs the provider's token.
 */
export function publicUrlsOf(parts: UrlParts, settings: PublicUrlSettings): readonly [string, ...string[]] {
  const target = splitTarget(parts.originalUrl);
  const seen = originOf(parts, target, settings.trustForwarded && parts.isFromProxy);
  const host = withoutDefaultPort(seen.host.toLowerCase(), seen.scheme);
  const base = settings.publicBaseUrl ?? `${seen.scheme}://${host}${seen.prefix}`;
  const url = base + target.path;
  const isSpelledOtherwise = seen.host !== host && hostOf(base) === host && seen.host.toLowerCase() === host;
  return isSpelledOtherwise ? [url, url.replace(host, () => seen.host)] : [url];
}

function originOf({ encrypted, headers }: UrlParts, { origin }: Target, isTrusted: boolean): Origin {
  const direct = { scheme: encrypted ? 'https' : 'http', host: headers['host'] ?? '', prefix: '', ...origin };
  if (!isTrusted) return direct;
  const { scheme = direct.scheme, host = direct.host, port, prefix = '' } = forwardedOrigin(headers);
  return { scheme: scheme.toLowerCase(), host: withPort(host, port), prefix };
}

function withPort(host: string, port: string | undefined): string {
  return port === undefined || /:\d+$/.test(host) ? host : `${host}:${port}`;
}

interface Target {
  /** `null` for the usual target, which is a path. */
  readonly origin: { readonly scheme: string; readonly host: string } | null;
  /** With the query. */
  readonly path: string;
}

/** Path and query stay character for character: signatures cover them so. */
function splitTarget(target: string): Target {
  const absolute = /^(https?):\/\/([^/?#]*)(.*)$/is.exec(target);
  if (absolute === null) return { origin: null, path: target };
  const [, scheme = '', host = '', path = ''] = absolute;
  return { origin: { scheme: scheme.toLowerCase(), host }, path: path.startsWith('/') ? path : `/${path}` };
}

function hostOf(base: string): string | undefined {
  return /^\w+:\/\/([^/]*)/.exec(base)?.[1];
}

function withoutDefaultPort(host: string, scheme: string): string {
  const port = DEFAULT_PORTS[scheme];
  return port !== undefined && host.endsWith(port) ? host.slice(0, -port.length) : host;
}
