import { types } from 'node:util';

/** The URL cannot be used. The message never holds the URL, since it may hold a password. */
export class InvalidRedisUrlError extends Error {
  readonly code = 'INVALID_REDIS_URL';

  constructor(reason: string) {
    super(`invalid Redis URL: ${reason}`);
  }
}

/** Redis gave no usable connection within the time for the start. */
export class RedisUnreachableError extends Error {
  readonly code = 'REDIS_UNREACHABLE';

  constructor(
    /** Without credentials. */
    readonly endpoint: string,
    readonly startTimeoutMs: number,
    /** Why the last attempt failed. */
    readonly reason: string,
  ) {
    super(`cannot connect to ${endpoint} within ${startTimeoutMs} ms: ${reason}`);
  }
}

/** Redis did not answer a command in time. Whether it was carried out is unknown. */
export class CommandTimeoutError extends Error {
  readonly code = 'COMMAND_TIMEOUT';
  readonly isTimeout = true;

  constructor() {
    super('no answer from Redis in time');
  }
}

/** There was no connection for a command, or it was lost before the answer. */
export class NotConnectedError extends Error {
  readonly code = 'REDIS_NOT_CONNECTED';

  constructor(
    /** In words of the server, of the system or of our own. */
    readonly reason: string,
    /** Whether there is no connection because the server did not answer in time. */
    readonly isTimeout: boolean,
  ) {
    super(`no connection to Redis: ${reason}`);
  }
}

/** Too few replicas had the write in time. It was carried out, and a failover may lose it. */
export class UnconfirmedWriteError extends Error {
  readonly code = 'UNCONFIRMED_WRITE';
  readonly isTimeout = true;

  constructor(
    readonly requiredReplicas: number,
    readonly confirmedBy: number,
    readonly timeoutMs: number,
  ) {
    super(`${confirmedBy} of ${requiredReplicas} replicas had the write within ${timeoutMs} ms`);
  }
}

/** How the errors of the client library begin, and what an operator reads in their place. */
const CLIENT_WORDS: readonly (readonly [begin: string, words: string])[] = [
  ['Connection is closed.', 'connection closed'],
  ['Command aborted due to connection close', 'connection closed'],
  ['Reached the max retries per request limit', 'connection closed'],
  ["Stream isn't writeable", 'not connected'],
  ["Cluster isn't ready", 'not connected'],
  ['Cluster is ended.', 'not connected'],
  ['Command timed out', 'no answer in time'],
  ['Socket timeout.', 'no answer in time'],
  ['All sentinels are unreachable', 'no sentinel names a usable master'],
  ['None of startup nodes is available', 'no node of the cluster can be reached'],
  ['Failed to refresh slots cache.', 'no node of the cluster lists its slots'],
  ['Too many Cluster redirections.', 'the nodes of the cluster redirect to each other'],
];

/**
 * What went wrong in a few words: those of the server or the system, and our own in place of the client library's.
 * Connection errors of several addresses at once have a code only.
 */
export function reasonOf(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  if (error.message !== '') return lastNodeReason(error) ?? clientWords(error.message) ?? error.message;
  return 'code' in error ? String(error.code) : error.name;
}

function clientWords(message: string): string | undefined {
  return CLIENT_WORDS.find(([begin]) => message.startsWith(begin))?.[1];
}

const TOO_MANY_CLIENTS = 'ERR max number of clients reached';

/** Whatever did not answer in time: an attempt, a command of it, a socket. */
const TIMEOUT = 'TIMEOUT';

/** The reason as a code that names no host and nothing secret: the first word of the server, or the code of the system. */
export function reasonCode(error: unknown): string {
  if (error instanceof CommandTimeoutError) return TIMEOUT;
  const reason = reasonOf(error);
  if (reason.startsWith(TOO_MANY_CLIENTS)) return 'MAX_CLIENTS';
  const [, word] = /^([A-Z]{4,20})\b/.exec(reason) ?? [];
  if (word !== undefined) return word;
  if (types.isNativeError(error) && 'code' in error && /^[A-Z_0-9]+$/.test(String(error.code)))
    return String(error.code);
  return /no answer|timed? ?out/i.test(reason) ? TIMEOUT : 'CONNECTION_CLOSED';
}

/** What a port without TLS makes of a handshake: nothing in time, or bytes that are none. */
const NO_TLS_SPOKEN = /ETIMEDOUT|wrong version number/;

/** As `reasonOf`, with a word on TLS where it may be the reason: the words of the client name the symptom only. */
export function reasonAt(endpoint: string, error: unknown): string {
  const reason = reasonOf(error);
  const mayLackTls = endpoint.startsWith('rediss:') && NO_TLS_SPOKEN.test(reason);
  return mayLackTls ? `${reason} (no TLS connection was made: the port may be one without TLS)` : reason;
}

/** A cluster client reports that all nodes failed, and why the last of them did beside it. */
function lastNodeReason(error: Error): string | null {
  if (!('lastNodeError' in error) || !types.isNativeError(error.lastNodeError)) return null;
  return reasonOf(error.lastNodeError);
}

/**
 * Takes the arguments off the command that ioredis attaches to its errors: they hold the password where the
 * handshake failed, the text of a script, or a caller's data, and whoever logs the error would log them.
 */
export function forgetArguments(error: unknown): void {
  if (!types.isNativeError(error) || !('command' in error)) return;
  const { command } = error as { command?: { name?: string } };
  Object.assign(error, { command: { name: command?.name } });
}
