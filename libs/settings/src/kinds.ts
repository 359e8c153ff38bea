import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { EnvError } from 'envalid';
import { IDENTIFIER, IDENTIFIER_RULE } from './identifiers';

/** A kind of value: how it is read from text, and its rule in words ("must be <rule>"). */
export interface Kind<T> {
  readonly rule: string;
  /** @throws EnvError with the rule where the text breaks it */
  parse(text: string): T;
}

/** A kind from a reader that answers `undefined` for a text that breaks the rule. */
export function kind<T>(rule: string, read: (text: string) => T | undefined): Kind<T> {
  return {
    rule,
    parse(text) {
      const value = read(text);
      if (value === undefined) throw new EnvError(rule);
      return value;
    },
  };
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const DURATION = /^(\d+(\.\d+)?(ms|s|m|h))+$/;
/** The longest time that a timer of the platform can wait for. */
const MAX_DURATION_MS = 2 ** 31 - 1;

function readDuration(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(?<![\d.])([\d.]+)(ms|s|m|h)/g))
    total += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  const ms = Math.round(total);
  return ms <= MAX_DURATION_MS ? ms : undefined;
}

/** In milliseconds. Several units may follow each other: `1m30s`. */
export const duration = kind('a duration above zero, such as 500ms, 30s, 5m or 24h (at most 596h)', (text) => {
  const ms = readDuration(text);
  return ms === undefined || ms === 0 ? undefined : ms;
});

/** As `duration`, at most half a minute. */
export const shortDuration = kind('a duration above zero and at most 30s, such as 500ms or 10s', (text) => {
  const ms = readDuration(text);
  return ms === undefined || ms === 0 || ms > 30_000 ? undefined : ms;
});

/** As `duration`, in whole seconds. */
export const wholeSeconds = kind('a duration in whole seconds, such as 15s or 1m', (text) => {
  const ms = readDuration(text);
  return ms === undefined || ms === 0 || ms % 1000 !== 0 ? undefined : ms;
});

/** As `duration`, and zero is allowed. */
export const durationOrZero = kind('a duration such as 0s, 500ms, 30s, 5m or 24h (at most 596h)', readDuration);

const SECONDS = /^\d{1,6}$/;

/** As `duration`; a bare number counts as seconds. */
export const durationOrSeconds = kind('a number of seconds above zero, or a duration such as 30s or 5m', (text) => {
  const ms = SECONDS.test(text) ? Number(text) * 1000 : readDuration(text);
  return ms === undefined || ms === 0 ? undefined : ms;
});

export const port = kind('a port number from 0 to 65535 (0 picks a free one)', (text) =>
  /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined,
);

export const count = kind('a whole number from 1 to 1000000', (text) =>
  /^[1-9]\d{0,6}$/.test(text) && Number(text) <= 1_000_000 ? Number(text) : undefined,
);

const readCountOrZero = (text: string): number | undefined =>
  /^\d{1,7}$/.test(text) && Number(text) <= 1_000_000 ? Number(text) : undefined;

export const countOrZero = kind('a whole number from 0 to 1000000', readCountOrZero);

export const countOrAll = kind<number | 'all'>('a whole number from 0 to 1000000, or all', (text) =>
  text === 'all' ? text : readCountOrZero(text),
);

const SWITCH: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  yes: true,
  false: false,
  '0': false,
  no: false,
};

export const bool = kind('true or false', (text) => SWITCH[text.toLowerCase()]);

export const anyText = kind('a text', (text) => text);

/** Each long enough that nobody guesses it. Separated by lines, since a secret may hold every other character. */
export const secretLines = kind('one or several texts of 16 characters or more, one a line', (text) => {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.length > 0 && lines.every((line) => line.length >= 16) ? lines : undefined;
});

/** Those that have a setting for their secret. */
const PROVIDERS = ['twilio', 'plivo', 'exotel'];

/** `all`, or the names of the providers that are meant; none for `false`. */
export const providers = kind(`true, false, or names of ${PROVIDERS.join(', ')} separated by commas`, (text) => {
  const all = SWITCH[text.toLowerCase()];
  if (all !== undefined) return all ? ('all' as const) : [];
  const names = splitList(text);
  return names.length > 0 && names.every((name) => PROVIDERS.includes(name)) ? names : undefined;
});

export function oneOf<const T extends string>(...words: readonly T[]): Kind<T> {
  return kind(words.length === 1 ? `${words[0]} (the only choice so far)` : `one of ${words.join(', ')}`, (text) =>
    words.find((word) => word === text),
  );
}

/** Tried once per run of slashes, so that its cost grows with the text alone. */
const TRAILING_SLASHES = /(?<!\/)\/+$/;

function readUrl(text: string, protocols: readonly string[]): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && protocols.includes(url.protocol) && url.host !== '' ? text : undefined;
}

/**
 * An address that others are put together from: scheme and host in lower case, without the scheme's own port, a path
 * without a slash at its end, and nothing else.
 */
export function baseUrl(...protocols: readonly string[]): Kind<string> {
  const names = protocols.map((protocol) => `${protocol}//`).join(' or ');
  return kind(`a URL that begins with ${names} and has no user, query or fragment`, (text) => {
    const url = readUrl(text, protocols) === undefined || /[?#]/.test(text) ? undefined : new URL(text);
    if (url === undefined || url.username !== '' || url.password !== '') return undefined;
    return `${url.protocol}//${url.host}${url.pathname.replace(TRAILING_SLASHES, '')}`;
  });
}

function isRedisUrl(text: string): boolean {
  if (readUrl(text, ['redis:', 'rediss:']) === undefined) return false;
  const { username, password } = new URL(text);
  return isPercentEncoded(username) && isPercentEncoded(password);
}

function isPercentEncoded(text: string): boolean {
  try {
    return decodeURIComponent(text) !== undefined;
  } catch {
    return false;
  }
}

/** One URL or several separated by commas, given back as one text without spaces. */
export const redisUrls = kind(
  'a URL such as redis://host:6379, with percent-encoded credentials, in cluster and sentinel mode one or several separated by commas',
  (text) => {
    const urls = splitList(text);
    const valid = urls.length > 0 && urls.every(isRedisUrl);
    return valid ? urls.join(',') : undefined;
  },
);

/** The parts of a text separated by commas; spaces around them and empty parts do not count. */
export function splitList(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Several values separated by commas, at least one. */
export const textList = kind('one or several values separated by commas', (text) => {
  const items = splitList(text);
  return items.length > 0 ? items : undefined;
});

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  const maxBits = version === 4 ? 32 : 128;
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= maxBits);
}

/** Addresses, and networks as in `10.0.0.0/8`. */
export const networks = kind('IP addresses or networks such as 10.0.0.0/8, separated by commas', (text) => {
  const items = splitList(text);
  return items.length > 0 && items.every(isNetwork) ? items : undefined;
});

export const podNames = kind(`pod names separated by commas, each once, each ${IDENTIFIER_RULE}`, (text) => {
  const names = splitList(text);
  const valid =
    names.length > 0 && names.every((name) => IDENTIFIER.test(name)) && new Set(names).size === names.length;
  return valid ? names : undefined;
});

/** As Kubernetes names namespaces. */
export const namespace = kind('the name of a Kubernetes namespace: 1 to 63 characters of a-z 0-9 -', (text) =>
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text) ? text : undefined,
);

export const objectName = kind('the name of a Kubernetes object: 1 to 63 characters of a-z 0-9 -', (text) =>
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text) ? text : undefined,
);

/** The Kubernetes API has the last word on it; what could never be one, such as a query, is kept from it. */
export const labelSelector = kind('a Kubernetes label selector, such as app=voice-agent,track!=canary', (text) =>
  /^[A-Za-z0-9._/=!,() -]{1,1000}$/.test(text) ? text : undefined,
);

/** The text as it is, once it is known to be the JSON of an object. */
export const jsonObject = kind('a JSON object', (text) => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? text : undefined;
  } catch {
    // Not JSON at all: the rule is broken, and the text may be too long to repeat.
    return undefined;
  }
});

export const keyPrefix = kind('1 to 64 characters without spaces or any of * ? [ ] \\ "', (text) =>
  /^[^\s*?[\]\\"]{1,64}$/.test(text) ? text : undefined,
);

export const instanceId = kind('1 to 64 characters of A-Z a-z 0-9 . _ : -', (text) =>
  /^[A-Za-z0-9._:-]{1,64}$/.test(text) ? text : undefined,
);

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** What stands for a line break where a text was put on one line; PEM has no backslashes of its own. */
const WRITTEN_LINE_BREAK = /\\r?\\n|\\n/g;

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

/** TLS ignores what it cannot read, and would then trust nobody or somebody else: so it is read here. */
export const certificates = kind('one or several certificates in PEM form, with line breaks or \\n', (text) => {
  const pem = text.replace(WRITTEN_LINE_BREAK, '\n');
  const found = pem.match(CERTIFICATE) ?? [];
  const isWhole = found.length === pem.split('-----BEGIN CERTIFICATE-----').length - 1;
  return found.length > 0 && isWhole && found.every(isCertificate) ? pem : undefined;
});

export const urlPath = kind('a path that begins with / and has parts of A-Z a-z 0-9 . _ ~ -', (text) => {
  const path = text.replace(TRAILING_SLASHES, '');
  return /^(\/[A-Za-z0-9._~-]+)+$/.test(path) ? path : undefined;
});
