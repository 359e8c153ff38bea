import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { environment } from '../environment';
import { usageFailure } from '../exit-codes';
import { toYaml } from '../output/output';

/** Where the key of a context comes from; the file never holds the key itself. */
export type KeySource = { readonly env: string } | { readonly file: string } | { readonly command: string };

/** A server, and how it is called. */
export interface Context {
  readonly server: string;
  readonly key?: KeySource;
  /** `true`: `srctl` sends nothing that changes something. */
  readonly 'read-only'?: boolean;
}

interface ContextsFile {
  readonly 'current-context'?: string;
  readonly contexts: Readonly<Record<string, Context>>;
}

/** `$XDG_CONFIG_HOME/srctl/config.yaml` */
export function contextsPath(): string {
  const base = environment['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  return join(base, 'srctl', 'config.yaml');
}

/** @returns no contexts where there is no file @throws `CommandFailure` where it is not to be relied on */
export async function readContexts(path = contextsPath()): Promise<ContextsFile> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { contexts: {} };
  // It can name a command to run.
  if ((stats.mode & 0o077) !== 0) throw usageFailure(`${path} is open to other users`, `chmod 600 ${path}`);
  return checked(path, await parse(path));
}

/** Replaces the file as a whole; only its owner can read it. */
export async function writeContexts(file: ContextsFile, path = contextsPath()): Promise<void> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, await toYaml(file), { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}

async function parse(path: string): Promise<unknown> {
  const yaml = await import('yaml');
  try {
    return yaml.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw usageFailure(`${path} is no YAML: ${(error as Error).message.split('\n')[0]}`);
  }
}

function checked(path: string, content: unknown): ContextsFile {
  const { contexts = {}, ...rest } = (content ?? {}) as Partial<ContextsFile>;
  for (const [name, context] of Object.entries(contexts)) {
    const problem = problemOf(context);
    if (problem !== undefined) throw usageFailure(`${path}: context ${name} ${problem}`);
  }
  return { ...rest, contexts };
}

const FIELDS = ['server', 'key', 'read-only'];

/** A field that is not known could be a key that somebody wrote into the file. */
function problemOf(context: unknown): string | undefined {
  const { server, key, 'read-only': readOnly } = (context ?? {}) as Record<string, unknown>;
  if (typeof server !== 'string' || !URL.canParse(server)) return 'needs a server, such as http://smart-router:8080';
  const unknown = Object.keys(context as object).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) return `has a field ${unknown} that is not known; there are ${FIELDS.join(', ')}`;
  if (readOnly !== undefined && typeof readOnly !== 'boolean') return 'has a read-only that is neither true nor false';
  return key === undefined || isKeySource(key) ? undefined : 'has a key that is none of {env}, {file}, {command}';
}

function isKeySource(key: unknown): key is KeySource {
  const [entry, ...more] = Object.entries((key ?? {}) as Record<string, unknown>);
  return more.length === 0 && ['env', 'file', 'command'].includes(entry?.[0] ?? '') && typeof entry?.[1] === 'string';
}
