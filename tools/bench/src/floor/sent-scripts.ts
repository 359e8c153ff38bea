import type { Redis } from 'ioredis';

const CALL = '{call}';
const UNIX_MS = /^\d{13}$/;
const NEVER_LATE = String(Number.MAX_SAFE_INTEGER);

/** A script as a build of the API sends it, with a place for the call. Redis has it loaded. */
export interface SentScript {
  readonly sha: string;
  readonly keyPrefix: string;
  /** `{call}` stands for the call. */
  readonly args: readonly string[];
}

export interface CallScripts {
  readonly allocate: SentScript;
  readonly release: SentScript;
}

const OF_CLIENT = /^\+?[\d.]+ \[\d+ (?!lua\])/;
const QUOTED = /"((?:[^"\\]|\\.)*)"/g;

/** @returns the command of a line of MONITOR and its arguments; `null` where a script has called it, or it is no such line */
export function commandOf(line: string): string[] | null {
  if (!OF_CLIENT.test(line)) return null;
  const unescape = (text: string): string => JSON.parse(`"${text.replaceAll(/\\x(..)/g, '\\u00$1')}"`) as string;
  return [...line.matchAll(QUOTED)].map(([, text = '']) => unescape(text));
}

/**
 * @param command EVALSHA and its arguments, as Redis has seen them
 * @throws where it is another command: a script has to be loaded, and a call to be its one key
 */
export function scriptOf(command: readonly string[], callSid: string): SentScript {
  const [name = '', sha = '', keys, key = '', ...args] = command;
  if (name.toLowerCase() !== 'evalsha' || keys !== '1' || !key.endsWith(callSid)) {
    throw new Error(`an EVALSHA with the call as its key was expected: ${command.join(' ').slice(0, 200)}`);
  }
  const general = args.map((arg) => (arg === callSid ? CALL : UNIX_MS.test(arg) ? NEVER_LATE : arg));
  return { sha, keyPrefix: key.slice(0, -callSid.length), args: general };
}

/** What follows `EVALSHA`. */
export function evalshaArgs({ sha, keyPrefix, args }: SentScript, callSid: string): string[] {
  return [sha, '1', keyPrefix + callSid, ...args.map((arg) => (arg === CALL ? callSid : arg))];
}

/** @throws where it answers anything else than that it was done */
export async function runSent(redis: Redis, script: SentScript, callSid: string, done: string): Promise<string[]> {
  const [sha, keys, ...rest] = evalshaArgs(script, callSid) as [string, string, ...string[]];
  const reply = (await redis.evalsha(sha, keys, ...rest)) as string[];
  if (reply[0] !== done) throw new Error(`a script answered ${String(reply[0])} instead of ${done}`);
  return reply;
}
