import { kind } from './kinds';
import type { ApiKeySetting } from './settings';

const NAME = /^[A-Za-z0-9._-]{1,64}$/;
/** What a bearer token may consist of (RFC 6750), and long enough that nobody guesses it. */
const SECRET = /^[A-Za-z0-9._~+/-]{16,256}={0,2}$/;

/**
 * Entries `name:scope:secret`, separated by commas or line breaks. Two keys may stand side by side while one takes the
 * place of the other, so names and secrets have to distinguish them.
 */
export const apiKeys = kind(
  'entries <name>:<scope>:<secret> separated by commas or lines: name of 1 to 64 A-Z a-z 0-9 . _ -, scope read or ' +
    'write, secret of 16 to 256 A-Z a-z 0-9 . _ ~ + / -; each name and each secret once',
  (text) => {
    const keys = entriesOf(text).map(readKey);
    return keys.length > 0 && keys.every((key) => key !== undefined) && areDistinct(keys) ? keys : undefined;
  },
);

function entriesOf(text: string): readonly string[] {
  return text
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function readKey(entry: string): ApiKeySetting | undefined {
  const [name = '', scope, secret = '', ...rest] = entry.split(':');
  const valid = rest.length === 0 && NAME.test(name) && SECRET.test(secret) && (scope === 'read' || scope === 'write');
  return valid ? { name, scope, secret } : undefined;
}

function areDistinct(keys: readonly ApiKeySetting[]): boolean {
  const names = new Set(keys.map(({ name }) => name));
  const secrets = new Set(keys.map(({ secret }) => secret));
  return names.size === keys.length && secrets.size === keys.length;
}
