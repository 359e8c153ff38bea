import { ERROR_CODES, type ErrorCode } from './error-codes';

/**
 * Why something is unavailable, for the line of a request. The cause of a client's error may repeat what the client sent,
 * so it is left out.
 */
export function outageCause(error: unknown, code: ErrorCode): { cause?: string } {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && ERROR_CODES[code].status >= 500 ? { cause: cause.message } : {};
}
