import { ERROR_CODES, type ErrorCode } from './error-codes';

interface ApiErrorOptions {
  /** The text of the answer; without it that of the code. It must be fit for anybody: no paths, hosts or stacks. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further fields of the body, documented at the route. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** In place of the table's: readiness is 503 whatever the reason. */
  readonly status?: number;
  readonly cause?: unknown;
}

/** An error that a handler answers on purpose. */
export class ApiError extends Error {
  readonly headers: Readonly<Record<string, string>>;
  readonly details: Readonly<Record<string, unknown>>;
  readonly status: number | undefined;

  constructor(
    readonly code: ErrorCode,
    options: ApiErrorOptions = {},
  ) {
    super(options.text ?? ERROR_CODES[code].text, { cause: options.cause });
    this.headers = options.headers ?? {};
    this.details = options.details ?? {};
    this.status = options.status;
  }
}

/** 400 with a text that names the field: `call_sid is required`. */
export function invalidField(field: string, problem: string): ApiError {
  return new ApiError('INVALID_FIELD', { text: `${field} ${problem}` });
}
