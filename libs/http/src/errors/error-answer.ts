import { HttpException } from '@nestjs/common';
import { ApiError } from './api-error';
import { type ErrorCode, publicError, publicErrorOf, retryAfter } from './error-codes';

/** The one shape of every error body. */
interface ErrorBody {
  readonly error: string;
  readonly code: ErrorCode;
  readonly request_id: string;
}

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ErrorBody;
}

const MALFORMED_URL = 'FST_ERR_BAD_URL';

const STATUS_CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  408: 'REQUEST_TIMEOUT',
  413: 'BODY_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  431: 'HEADERS_TOO_LARGE',
};

/**
 * Makes an answer of anything that was thrown. An error whose `code` stands in the table gets that row, with the
 * table's text unless it is an `ApiError`; a framework error goes by its status; all else is an internal error, of
 * which a client learns nothing. Where the table has a status for what took too long, `isTimeout` of the error chooses it.
 */
export function errorAnswer(error: unknown, requestId: string): ErrorAnswer {
  const row = publicErrorOf(error) ?? publicError(frameworkCode(error));
  const { code, status, text } = row;
  const headers = retryAfter(row);
  const body = { error: text, code, request_id: requestId };
  if (!(error instanceof ApiError)) return { status, headers, body };
  return {
    status: error.status ?? status,
    headers: { ...headers, ...error.headers },
    body: { ...body, error: error.message, ...error.details },
  };
}

function frameworkCode(error: unknown): ErrorCode {
  if ((error as { code?: unknown } | null | undefined)?.code === MALFORMED_URL) return 'INVALID_URL';
  const status = clientErrorStatus(error);
  return status === undefined ? 'INTERNAL' : (STATUS_CODES[status] ?? 'INVALID_REQUEST');
}

/** A status from 400 to 499 that the framework gave the error, as for a body that ended too early. */
function clientErrorStatus(error: unknown): number | undefined {
  const status =
    error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
