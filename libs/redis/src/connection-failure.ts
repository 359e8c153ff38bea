import { types } from 'node:util';
import { ReplyError } from 'ioredis';
import { CommandTimeoutError, RedisUnreachableError, UnconfirmedWriteError } from './errors';

/** First words of replies with which a server says that it cannot serve now, whatever was asked. */
const UNAVAILABLE_REPLIES = new Set([
  'LOADING',
  'MASTERDOWN',
  'READONLY',
  'BUSY',
  'OOM',
  'MISCONF',
  'NOREPLICAS',
  'TRYAGAIN',
  'CLUSTERDOWN',
  'MOVED',
  'ASK',
  'NOAUTH',
  'WRONGPASS',
  // The rules of the user were changed: an operator has to act, and until then nothing can be served.
  'NOPERM',
  // A WAIT whose master was demoted meanwhile.
  'UNBLOCKED',
]);

const TOO_MANY_CLIENTS = 'ERR max number of clients reached';

/** The rules of the user forbid a command, or a key, within a script. */
const FORBIDDEN_IN_SCRIPT = "The user executing the script can't";

/** A script on a cluster met a key that another node holds: the slot is being moved. */
const FOREIGN_KEY = 'Script attempted to access a non local key';

/** How the errors of the client begin. It exports no classes for them, and the names of classes may not survive a bundler. */
const CLIENT_MESSAGES = [
  'Reached the max retries per request limit',
  'Failed to refresh slots cache.',
  'Connection is closed.',
  'Command timed out',
  'Command aborted due to connection close',
  "Stream isn't writeable and enableOfflineQueue options is false",
  "Cluster isn't ready and enableOfflineQueue options is false",
  'Cluster is ended.',
  'None of startup nodes is available',
  'Too many Cluster redirections.',
  'Socket timeout.',
  'All sentinels are unreachable',
];

const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

const OWN_ERRORS = [CommandTimeoutError, RedisUnreachableError, UnconfirmedWriteError];

/**
 * Whether Redis could not be reached, did not answer in time or cannot serve at all now. The effect of the command
 * is then unknown. `false` for everything that a retry would not cure: errors of scripts, wrong types, bugs.
 */
export function isConnectionFailure(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  if (error instanceof ReplyError) return isUnavailableReply(error.message);
  if (OWN_ERRORS.some((type) => error instanceof type)) return true;
  return isClientError(error) || isSystemError(error);
}

function isUnavailableReply(message: string): boolean {
  const isKnown = UNAVAILABLE_REPLIES.has(message.split(' ', 1)[0] ?? '');
  return isKnown || message.startsWith(TOO_MANY_CLIENTS) || isRefusedInScript(message);
}

function isRefusedInScript(message: string): boolean {
  return message.includes(FOREIGN_KEY) || message.includes(FORBIDDEN_IN_SCRIPT);
}

function isClientError(error: Error): boolean {
  return CLIENT_MESSAGES.some((message) => error.message.startsWith(message));
}

function isSystemError(error: Error): boolean {
  return 'code' in error && SYSTEM_CODES.has(String(error.code));
}

/** The client refuses a command by these before it sends anything. */
const REFUSED_BY_CLIENT = [
  "Stream isn't writeable and enableOfflineQueue options is false",
  "Cluster isn't ready and enableOfflineQueue options is false",
  'Cluster is ended.',
  'None of startup nodes is available',
];

/** First words of replies by which a server refuses a command before it runs any of it. */
const REFUSED_BY_SERVER = new Set([
  'LOADING',
  'MASTERDOWN',
  'BUSY',
  'NOREPLICAS',
  'CLUSTERDOWN',
  'NOAUTH',
  'WRONGPASS',
]);

/**
 * Whether it is certain that the command has had no effect and will have none: of a connection failure for which
 * `isConnectionFailure` holds. `false` where it cannot be known.
 */
export function wasNeverSent(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  if (error instanceof ReplyError) return REFUSED_BY_SERVER.has(error.message.split(' ', 1)[0] ?? '');
  return REFUSED_BY_CLIENT.some((message) => error.message.startsWith(message));
}
