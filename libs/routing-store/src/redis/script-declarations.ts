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

interface Declaration {
  readonly identifier: string;
  readonly line: string;
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function keyDeclaration([key, { name }]: [string, KeyDeclaration]): Declaration {
  const [, before = '', parameter] = /^([^{]+)(?:\{(\w+)\})?$/.exec(name) ?? [];
  const identifier = keyIdentifier(key, parameter !== undefined);
  const line =
    parameter === undefined
      ? `local ${identifier} = prefix .. '${name}'`
      : `local function ${identifier}(${parameter}) return prefix .. '${before}' .. ${parameter} end`;
  return { identifier, line };
}

function poolKeyDeclaration([key, { name }]: [string, KeyDeclaration]): Declaration {
  const identifier = keyIdentifier(key, true);
  return { identifier, line: `local function ${identifier}(pool) return pool_base(pool) .. ':${name}' end` };
}

function keyIdentifier(key: string, isFunction: boolean): string {
  return isFunction ? `${snakeCase(key)}_key` : snakeCase(key).toUpperCase();
}

function luaText(value: string | number | Readonly<Record<string, number>>): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'number') return String(value);
  return `{ ${Object.entries(value)
    .map(([name, number]) => `${name} = ${number}`)
    .join(', ')} }`;
}

const KEY_DECLARATIONS: readonly Declaration[] = [
  ...Object.entries<KeyDeclaration>(KEYS).map(keyDeclaration),
  ...Object.entries<KeyDeclaration>(POOL_KEYS).map(poolKeyDeclaration),
];
const CONSTANT_DECLARATIONS: readonly Declaration[] = Object.entries(CONSTANTS).map(([identifier, value]) => ({
  identifier,
  line: `local ${identifier} = ${luaText(value)}`,
}));
const DECLARATIONS = [...KEY_DECLARATIONS, ...CONSTANT_DECLARATIONS];

const linesOf = (declarations: readonly Declaration[]): string => declarations.map(({ line }) => line).join('\n');

/** Fragments of scripts that are made from the declarations in TypeScript. */
export const DECLARED = { 'declared-keys': linesOf(KEY_DECLARATIONS), constants: linesOf(CONSTANT_DECLARATIONS) };

const TYPES: ReadonlyMap<string, KeyType> = new Map(
  [...Object.values<KeyDeclaration>(KEYS), ...Object.values<KeyDeclaration>(POOL_KEYS)].map(({ type }, index) => [
    KEY_DECLARATIONS[index]?.identifier ?? '',
    type,
  ]),
);

const KEY = String.raw`(?:[A-Z][A-Z_]+|[a-z_]+_key\([\w.]+\))`;
const CHECK = new RegExp(String.raw`\b(check_types|is_foreign|quarantine)\((${KEY}(?:, ${KEY})*)\)`, 'g');

/**
 * Finishes the text of a script: checks of keys get their declared types, and what is declared and not used is left out,
 * since it would cost Redis time at every call.
 * @throws where a key is checked whose type is not declared
 */
export function finishScript(lua: string): string {
  const typed = lua.replace(CHECK, (_call, check: string, keys: string) =>
    keys
      .split(', ')
      .map((key) => `${check}('${declaredType(key)}', ${key})`)
      .join(' '),
  );
  const uses = new Map<string, number>();
  for (const [word] of typed.matchAll(/\w+/g)) uses.set(word, (uses.get(word) ?? 0) + 1);
  return DECLARATIONS.reduce(
    (text, { identifier, line }) => (uses.get(identifier) === 1 ? text.replace(`${line}\n`, '') : text),
    typed,
  );
}

function declaredType(key: string): KeyType {
  const type = TYPES.get(key.replace(/\(.*$/, ''));
  if (type === undefined) throw new Error(`the type of ${key} is not declared`);
  return type;
}
