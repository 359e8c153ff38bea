/** What one code means to a client. */
interface ErrorCodeRow {
  readonly status: number;
  /** The status of an error whose `isTimeout` is `true`: what was asked did not answer in time. */
  readonly timeoutStatus?: number;
  /** The text of the answer where the error brings none of its own. */
  readonly text: string;
  /** After how many seconds a repetition has a chance, sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
}

/**
 * Every code that an error body can hold, with its HTTP status. 503 says that there is no capacity, or none any more: clients
 * take it for "no pods" and do not repeat. A store that is away is 502, one that does not answer 504.
 * `docs/reference/errors.md` explains each to clients.
 */
export const ERROR_CODES = {
  INVALID_REQUEST: { status: 400, text: 'bad request' },
  INVALID_URL: { status: 400, text: 'malformed URL' },
  INVALID_BODY: { status: 400, text: 'invalid request body' },
  INVALID_FIELD: { status: 400, text: 'invalid field' },
  UNAUTHORIZED: { status: 401, text: 'unauthorized' },
  FORBIDDEN: { status: 403, text: 'forbidden' },
  INVALID_SIGNATURE: { status: 403, text: 'invalid signature' },
  NOT_FOUND: { status: 404, text: 'not found' },
  CALL_NOT_FOUND: { status: 404, text: 'call not found' },
  POD_NOT_FOUND: { status: 404, text: 'pod not found' },
  MERCHANT_NOT_FOUND: { status: 404, text: 'merchant not found' },
  COMPONENT_NOT_FOUND: { status: 404, text: 'component not found' },
  VERSION_NOT_FOUND: { status: 404, text: 'version not found' },
  METHOD_NOT_ALLOWED: { status: 405, text: 'method not allowed' },
  REQUEST_TIMEOUT: { status: 408, text: 'request timeout' },
  CALL_ENDED: { status: 409, text: 'call ended' },
  POD_TERMINATING: { status: 409, text: 'pod is terminating' },
  COMPONENTS_BUSY: { status: 409, text: 'components busy', retryAfterSeconds: 5 },
  VERSION_CONFLICT: { status: 409, text: 'version conflict' },
  PRECONDITION_FAILED: { status: 412, text: 'precondition failed' },
  BODY_TOO_LARGE: { status: 413, text: 'request body too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, text: 'unsupported media type' },
  INVALID_TIER_CONFIG: { status: 422, text: 'invalid tier config' },
  INVALID_MERCHANT_CONFIG: { status: 422, text: 'invalid merchant config' },
  RATE_LIMITED: { status: 429, text: 'too many requests', retryAfterSeconds: 60 },
  TOO_MANY_UNKNOWN_ENDS: { status: 429, text: 'too many ends of unknown calls', retryAfterSeconds: 60 },
  HEADERS_TOO_LARGE: { status: 431, text: 'request headers too large' },
  INTERNAL: { status: 500, text: 'internal error' },
  NO_PODS_AVAILABLE: { status: 503, text: 'no pods available', retryAfterSeconds: 1 },
  STORE_UNAVAILABLE: { status: 502, timeoutStatus: 504, text: 'store unavailable', retryAfterSeconds: 1 },
  STORE_RECOVERING: { status: 502, text: 'store recovering', retryAfterSeconds: 1 },
  STORE_LOST: { status: 503, text: 'store lost' },
  WRONG_STORE: { status: 502, text: 'wrong store', retryAfterSeconds: 5 },
  STORE_DAMAGED: { status: 502, text: 'store damaged', retryAfterSeconds: 5 },
  DEADLINE_EXCEEDED: { status: 504, text: 'request deadline exceeded', retryAfterSeconds: 1 },
  OVERLOADED: { status: 503, text: 'overloaded', retryAfterSeconds: 2 },
  NO_LEADER: { status: 503, text: 'no leader', retryAfterSeconds: 5 },
  NOT_READY: { status: 503, text: 'not ready' },
  SHUTTING_DOWN: { status: 503, text: 'shutting down' },
} as const satisfies Record<string, ErrorCodeRow>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Every status that the code is answered with, the usual one first. */
export function statusesOf(code: ErrorCode): readonly number[] {
  const { status, timeoutStatus }: ErrorCodeRow = ERROR_CODES[code];
  return timeoutStatus === undefined ? [status] : [status, timeoutStatus];
}

/** What a client may learn of an error; nothing of the error's own text. */
export interface PublicError {
  readonly code: ErrorCode;
  readonly status: number;
  readonly text: string;
  /** Left out: a repetition has no better chance. */
  readonly retryAfterSeconds?: number;
}

/** @param isTimeout whether what was asked did not answer in time */
export function publicError(code: ErrorCode, isTimeout = false): PublicError {
  const { timeoutStatus, ...row }: ErrorCodeRow = ERROR_CODES[code];
  return { code, ...row, ...(isTimeout && timeoutStatus !== undefined && { status: timeoutStatus }) };
}

/**
 * The row of an error whose `code`, or that of its cause, stands in the table; `isTimeout` of the error or of a cause says
 * that time ran out.
 * @returns `undefined` for any other error
 */
export function publicErrorOf(error: unknown): PublicError | undefined {
  const code = stringCode(error) ?? stringCode((error as { cause?: unknown } | null | undefined)?.cause);
  return isErrorCode(code) ? publicError(code, isTimeout(error)) : undefined;
}

/** The header that says when a repetition has a chance, where it has one. */
export function retryAfter({ retryAfterSeconds }: PublicError): Readonly<Record<string, string>> {
  return retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
}

function isErrorCode(value: string | undefined): value is ErrorCode {
  return value !== undefined && Object.hasOwn(ERROR_CODES, value);
}

function stringCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

function isTimeout(error: unknown): boolean {
  const { isTimeout: own, cause } = (error ?? {}) as { isTimeout?: unknown; cause?: unknown };
  return own === true || (cause !== undefined && cause !== error && isTimeout(cause));
}
