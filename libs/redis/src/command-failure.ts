import { ReplyError } from 'ioredis';
import { CommandTimeoutError, NotConnectedError, reasonOf, UnconfirmedWriteError } from './errors';
import type { ConnectionOutage } from './persistent-client';

const OF_TIME: ReadonlySet<string> = new Set(['TIMEOUT', 'ETIMEDOUT']);

/** Says of a connection why it is away; `null` while it is not. */
export interface OutageHolder {
  readonly outage: ConnectionOutage | null;
}

/**
 * A failure for which `isConnectionFailure` holds, as an operator should read it. Replies of the server stay as they are;
 * the client library's errors become a `CommandTimeoutError` or a `NotConnectedError` with the reason of the outage.
 * An error with `isTimeout` true says that Redis did not answer in time; any other one, that it, or the way to it, refused.
 */
export async function describeFailure(error: unknown, connection: OutageHolder): Promise<Error> {
  if (error instanceof ReplyError || isOwn(error)) return error as Error;
  if (/^(Socket timeout\.|Command timed out)/.test((error as Error).message)) return new CommandTimeoutError();
  // A command in flight rejects a moment before the connection knows why it ended.
  await new Promise((resolve) => setImmediate(resolve));
  const { outage } = connection;
  if (outage === null) return new NotConnectedError(reasonOf(error), OF_TIME.has(codeOf(error)));
  return new NotConnectedError(outage.reason, OF_TIME.has(outage.code));
}

function isOwn(error: unknown): boolean {
  return error instanceof CommandTimeoutError || error instanceof UnconfirmedWriteError;
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code ?? '');
}
