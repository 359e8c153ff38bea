/** A request that brought no answer to work with: refused by the server, or not answered by it at all. */
export abstract class ApiError extends Error {
  /** @param request `GET /api/v1/status` */
  constructor(
    readonly request: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What an answer that refuses says. */
interface Refusal {
  /** The HTTP status. */
  readonly status: number;
  /** Stable, for instance `NO_PODS_AVAILABLE`; `HTTP_<status>` where the body has none. */
  readonly code: string;
  /** What the log line of the request holds; `null` where the answer has none. */
  readonly requestId: string | null;
  /** After how many seconds a repetition has a chance; `null` where the server does not say. */
  readonly retryAfterSeconds: number | null;
  /** The JSON of the answer, with what a code brings along (`reason`, `chain`). */
  readonly body: unknown;
}

/** The server has answered with a status other than 2xx. */
export class RefusedError extends ApiError implements Refusal {
  override readonly name = 'RefusedError';
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  readonly retryAfterSeconds: number | null;
  readonly body: unknown;

  constructor(request: string, refusal: Refusal) {
    super(request, textOf(refusal.body) ?? `${request} was answered with ${refusal.status}`);
    this.status = refusal.status;
    this.code = refusal.code;
    this.requestId = refusal.requestId;
    this.retryAfterSeconds = refusal.retryAfterSeconds;
    this.body = refusal.body;
  }
}

/** Why nothing came from a Smart Router: no connection, no answer in time, or an answer of something else. */
type UnreachableReason = 'connection' | 'timeout' | 'foreign-answer';

/** No Smart Router has answered. Whether a request that changes something was carried out is not known. */
export class UnreachableError extends ApiError {
  override readonly name = 'UnreachableError';

  constructor(
    request: string,
    readonly reason: UnreachableReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(request, message, options);
  }
}

function textOf(body: unknown): string | undefined {
  const text = (body as { error?: unknown } | null)?.error;
  return typeof text === 'string' ? text : undefined;
}
