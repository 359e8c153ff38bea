import { RefusedError, UnreachableError } from '@smart-router/api-client';
import { CommanderError } from 'commander';
import { CommandFailure, EXIT, type ExitCode } from './exit-codes';
import type { Output } from './output/output';

/** What a person may try, by the code of the refusal. */
const HINTS: Readonly<Record<string, string>> = {
  UNAUTHORIZED: 'set SRCTL_API_KEY, or give the context a key: srctl config set <name> --key-env VARIABLE',
  FORBIDDEN: 'changes need a key of scope write; srctl doctor shows what yours may do',
  CALL_NOT_FOUND: 'live calls: srctl calls; calls that are over are known for ten minutes',
  MERCHANT_NOT_FOUND: 'srctl merchants lists those with a config',
  VERSION_CONFLICT: 'somebody has changed it meanwhile: get it again, and repeat your change',
  NO_LEADER: 'srctl doctor says more',
  STORE_UNAVAILABLE: 'srctl doctor says more',
};

/** Says why a command has failed. @returns how the process should end */
export function reportFailure(error: unknown, out: Output): ExitCode {
  // Commander has said it already; help that was asked for is no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof CommandFailure) {
    if (error.message !== '') out.fail(error.message, error.hint);
    return error.exitCode;
  }
  if (error instanceof RefusedError) {
    out.fail(textOfRefusal(error), HINTS[error.code]);
    return EXIT.refused;
  }
  if (error instanceof UnreachableError) {
    out.fail(error.message, 'the address is from --server, SRCTL_SERVER or the context: srctl config contexts');
    return EXIT.unreachable;
  }
  out.fail(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.failed;
}

function textOfRefusal({ code, message, requestId, retryAfterSeconds, status }: RefusedError): string {
  const request = requestId === null ? '' : `, request ${requestId}`;
  const again = retryAfterSeconds === null ? '' : `, try again after ${retryAfterSeconds} s`;
  return `${message} (${code}, status ${status}${request}${again})`;
}
