type Headers = Readonly<Record<string, string | undefined>>;

/** What a proxy says of the address that its client called. */
interface ForwardedOrigin {
  readonly scheme?: string;
  readonly host?: string;
  /** Digits only. */
  readonly port?: string;
  /** Begins with a slash and does not end with one. */
  readonly prefix?: string;
}

/**
 * Reads `X-Forwarded-Proto`, `-Host`, `-Port` and `-Prefix`, and `Forwarded` (RFC 7239) for what they leave open. With
 * several proxies in a row the first value is the one that the outermost saw.
 */
export function forwardedOrigin(headers: Headers): ForwardedOrigin {
  const standard = forwardedElement(headers['forwarded']);
  return {
    scheme: firstOf(headers['x-forwarded-proto']) ?? standard.get('proto'),
    host: firstOf(headers['x-forwarded-host']) ?? standard.get('host'),
    port: portOf(firstOf(headers['x-forwarded-port'])),
    prefix: prefixOf(firstOf(headers['x-forwarded-prefix'])),
  };
}

/** A token, or a quoted text in which a backslash stands before what is meant literally. */
const PAIR = /\s*([\w!#$%&'*+.^`|~-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))\s*(;|,|$)/y;

/** The pairs of the first element; none where the header does not follow the grammar. */
function forwardedElement(header: string | undefined): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  const pattern = new RegExp(PAIR);
  for (let match = pattern.exec(header ?? ''); match !== null; match = pattern.exec(header ?? '')) {
    const [, name = '', quoted, token = '', end] = match;
    const value = quoted?.replace(/\\(.)/g, '$1') ?? token;
    if (value !== '') pairs.set(name.toLowerCase(), value);
    if (end !== ';') return pairs;
  }
  return new Map();
}

function firstOf(header: string | undefined): string | undefined {
  return header?.split(',', 1)[0]?.trim() || undefined;
}

function portOf(text: string | undefined): string | undefined {
  return text !== undefined && /^\d{1,5}$/.test(text) ? text : undefined;
}

function prefixOf(text: string | undefined): string | undefined {
  const prefix = text?.replace(/(?<!\/)\/+$/, '');
  return prefix?.startsWith('/') ? prefix : undefined;
}
