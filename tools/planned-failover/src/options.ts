import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { UsageError } from './failures';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Credentials {
  readonly username?: string;
  readonly password?: string;
}

export interface Options {
  /** At least one; the others are found by it. */
  readonly sentinels: readonly Address[];
  readonly masterName: string;
  /** Of the master and its replicas. */
  readonly redis: Credentials;
  readonly sentinel: Credentials;
  /** `null`: no TLS; the authorities in PEM form, or the well-known ones. */
  readonly tls: { readonly ca?: string } | null;
  /** After this writes are allowed again, whatever has happened to this process. */
  readonly pauseMs: number;
  /** How long the replicas have to reach the offset of the master. */
  readonly catchUpMs: number;
  /** Checks everything and changes nothing. */
  readonly dryRun: boolean;
}

export const HELP = `Makes a replica the master, without losing what was acknowledged.

  npm run planned-failover -- --sentinel host:port --master-name name [options]

  --sentinel host:port      a sentinel; may be repeated, and one suffices
  --master-name name        the name under which the sentinels know the master
  --username, --password    of the master and its replicas; the password also from REDIS_PASSWORD
  --sentinel-username, --sentinel-password
                            of the sentinels; the password also from REDIS_SENTINEL_PASSWORD
  --tls, --tls-ca file      for TLS, with the authorities of this file in place of the well-known ones
  --pause-ms 20000          writes are paused for this time at most
  --catch-up-ms 2000        how long the replicas have to reach the offset of the master
  --dry-run                 check everything, change nothing
  --help

Exit codes: 0 done (or could be done), 1 refused: nothing was changed, 2 wrong usage,
3 the promotion was ordered and is not complete: look at the sentinels.
`;

const SPEC = {
  sentinel: { type: 'string', multiple: true },
  'master-name': { type: 'string' },
  username: { type: 'string' },
  password: { type: 'string' },
  'sentinel-username': { type: 'string' },
  'sentinel-password': { type: 'string' },
  tls: { type: 'boolean', default: false },
  'tls-ca': { type: 'string' },
  'pause-ms': { type: 'string', default: '20000' },
  'catch-up-ms': { type: 'string', default: '2000' },
  'dry-run': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Below this the promotion would not be over when the pause ends. */
const SHORTEST_PAUSE_MS = 5_000;
const LONGEST_MS = 300_000;

type Env = Readonly<Record<string, string | undefined>>;

/** @returns `null` where help is asked for @throws UsageError that names the mistake */
export function parseOptions(args: readonly string[], env: Env): Options | null {
  const values = parse(args);
  if (values.help) return null;
  const masterName = values['master-name'];
  if (!values.sentinel) throw new UsageError('--sentinel is required, such as --sentinel 10.0.0.1:26379');
  if (!masterName) throw new UsageError('--master-name is required, such as --master-name mymaster');
  return {
    sentinels: values.sentinel.map(readAddress),
    masterName,
    redis: credentials(values.username, values.password ?? env['REDIS_PASSWORD']),
    sentinel: credentials(values['sentinel-username'], values['sentinel-password'] ?? env['REDIS_SENTINEL_PASSWORD']),
    tls: readTls(values.tls, values['tls-ca']),
    pauseMs: readMs('--pause-ms', values['pause-ms'], SHORTEST_PAUSE_MS),
    catchUpMs: readMs('--catch-up-ms', values['catch-up-ms'], 1),
    dryRun: values['dry-run'],
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: SPEC, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readAddress(text: string): Address {
  const [, host, port] = /^\[?([^[\]]+)\]?:(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || Number(port) > 65_535) throw new UsageError(`--sentinel must be host:port, not ${text}`);
  return { host, port: Number(port) };
}

function credentials(username: string | undefined, password: string | undefined): Credentials {
  return { ...(username !== undefined && { username }), ...(password && { password }) };
}

function readTls(tls: boolean, file: string | undefined): Options['tls'] {
  if (file === undefined) return tls ? {} : null;
  try {
    return { ca: readFileSync(file, 'utf8') };
  } catch {
    throw new UsageError(`--tls-ca: ${file} cannot be read`);
  }
}

function readMs(name: string, text: string, shortest: number): number {
  const ms = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (ms >= shortest && ms <= LONGEST_MS) return ms;
  throw new UsageError(`${name} must be a whole number from ${shortest} to ${LONGEST_MS}, not ${text}`);
}
