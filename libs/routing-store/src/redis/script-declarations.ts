import { API_OWNER } from '../domain/call-owners';
import { MAX_REQUESTS_LENGTH } from '../domain/calls';
import { CHANGE_TEXT_BYTES, CHANGES_KEPT } from '../domain/change-log';
import { LIVE_MS, LONGEST_HOLD_MS } from '../domain/grant-recovery';
import { PAST_CALL_MS, PAST_CALLS_A_MINUTE } from '../domain/past-calls';
import { RELEASED_MARK_MS, RESTORED_LEASE_MS } from '../domain/routing-store';
import { type KeyDeclaration, KEYS, type KeyType, POOL_KEYS } from './key-names';

/** What both the scripts and their twin in memory go by. */
const CONSTANTS = {
  ...{ API_OWNER, CHANGE_TEXT_BYTES, CHANGES_KEPT, LIVE_MS, LONGEST_HOLD_MS, MAX_REQUESTS_LENGTH },
  ...{ PAST_CALL_MS, PAST_CALLS_A_MINUTE, RELEASED_MARK_MS, RESTORED_LEASE_MS },
} as const;

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

interface DeclaredKey {
  readonly type: KeyType;
  /** The Lua expression of the key. @param of what it is of, as the script spells it */
  readonly expression: (prefix: string, of: string) => string;
}

function declaredKey([key, { name, type }]: [string, KeyDeclaration]): [string, DeclaredKey] {
  const [, before = '', parameter] = /^([^{]+)(?:\{(\w+)\})?$/.exec(name) ?? [];
  return parameter === undefined
    ? [snakeCase(key).toUpperCase(), { type, expression: (prefix) => quoted(prefix + name) }]
    : [`${snakeCase(key)}_key`, { type, expression: (prefix, of) => `(${quoted(prefix + before)} .. ${of})` }];
}

function declaredPoolKey([key, { name, type }]: [string, KeyDeclaration]): [string, DeclaredKey] {
  return [`${snakeCase(key)}_key`, { type, expression: (_prefix, pool) => `(pool_base(${pool}) .. ':${name}')` }];
}

const DECLARED_KEYS: ReadonlyMap<string, DeclaredKey> = new Map([
  ...Object.entries<KeyDeclaration>(KEYS).map(declaredKey),
  ...Object.entries<KeyDeclaration>(POOL_KEYS).map(declaredPoolKey),
]);

/** `CHANGES_KEPT`, or `PAST_CALLS_A_MINUTE.ended` of a constant with fields. */
const LUA_CONSTANTS: ReadonlyMap<string, string> = new Map(
  Object.entries(CONSTANTS).flatMap(([name, value]): [string, string][] => {
    if (typeof value === 'object')
      return Object.entries(value).map(([field, one]) => [`${name}.${field}`, String(one)]);
    return [[name, typeof value === 'string' ? quoted(value) : String(value)]];
  }),
);

const KEY = String.raw`(?:[A-Z][A-Z_]+|[a-z_]+_key\([\w.]+\))`;
const CHECK = new RegExp(String.raw`\b(check_types|is_foreign|quarantine)\((${KEY}(?:, ${KEY})*)\)`, 'g');
/** Comments and strings, which stay as they are; then a key of something, and a constant or one of its fields. */
const NAME = /--\[\[[^]*?\]\]|--.*|'[^'\n]*'|\b([a-z_]+_key)\((?:([^()]+)\))?|\b[A-Z][A-Z_]+(?:\.\w+)?\b/g;

/**
 * Finishes the text of a script: checks of keys get their declared types, and each key and constant is written out where
 * it is used. A function or a variable for each would be made anew by every run of the script, which costs Redis more
 * than a command.
 * @param prefix what every key starts with
 * @throws where a key is checked whose type is not declared, or is of something that is not a plain expression
 */
export function finishScript(lua: string, prefix: string): string {
  const typed = lua.replace(CHECK, (_call, check: string, keys: string) =>
    keys
      .split(', ')
      .map((key) => `${check}('${declaredType(key)}', ${key})`)
      .join(' '),
  );
  return typed.replace(NAME, (text, keyOf: string | undefined, of: string | undefined) => {
    if (text === 'KEY_PREFIX') return quoted(prefix);
    const key = DECLARED_KEYS.get(keyOf ?? text);
    if (key === undefined) return LUA_CONSTANTS.get(text) ?? text;
    if (keyOf !== undefined && of === undefined) throw new Error(`${keyOf}: give what it is of a name first`);
    return key.expression(prefix, of ?? '');
  });
}

function declaredType(key: string): KeyType {
  const declared = DECLARED_KEYS.get(key.replace(/\(.*$/, ''));
  if (declared === undefined) throw new Error(`the type of ${key} is not declared`);
  return declared.type;
}
