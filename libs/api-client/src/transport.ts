import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, RefusedError, UnreachableError } from './api-errors';

export interface TransportOptions {
  /** How long a request may take, with its repetitions and the body of its answer. Default 10000. */
  readonly timeoutMs?: number;
  /** How often a `GET` is repeated at most. Default 2. */
  readonly retries?: number;
  /** How long it waits before the first repetition, and twice as long before each next. Default 100. */
  readonly retryDelayMs?: number;
  /** Aborts requests; they reject with its reason. */
  readonly signal?: AbortSignal;
  /** Default: that of Node. */
  readonly fetch?: (request: Request, init: { readonly signal: AbortSignal }) => Promise<Response>;
}

const DEFAULTS = { timeoutMs: 10_000, retries: 2, retryDelayMs: 100 };

/** Sends requests: bounded in time, repeated where that is safe, with errors that say who failed. */
export class Transport {
  private readonly options: TransportOptions & typeof DEFAULTS;

  constructor(options: TransportOptions) {
    this.options = { ...DEFAULTS, ...options };
  }

  /** @returns a success, whose body has arrived @throws `RefusedError`, `UnreachableError`, the reason of the signal */
  async send(request: Request): Promise<Response> {
    const { timeoutMs, signal } = this.options;
    const endsAt = performance.now() + timeoutMs;
    const timeout = AbortSignal.timeout(timeoutMs);
    const stop = signal ? AbortSignal.any([signal, timeout]) : timeout;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.attempt(request, stop);
      } catch (error) {
        signal?.throwIfAborted();
        if (timeout.aborted) throw this.timedOut(request);
        const waitMs = this.waitBefore(attempt, request, error);
        if (waitMs === null || performance.now() + waitMs >= endsAt) throw error;
        // Where the wait is aborted the next attempt ends at once, with the reason.
        await delay(waitMs, undefined, { signal: stop }).catch(() => undefined);
      }
    }
  }

  private async attempt(request: Request, signal: AbortSignal): Promise<Response> {
    const { fetch = globalThis.fetch } = this.options;
    let text: string;
    let response: Response;
    try {
      response = await fetch(request, { signal });
      text = await response.text();
    } catch (error) {
      throw unreachable(request, error);
    }
    if (isForeign(response, text)) throw foreign(request, response);
    if (!response.ok) throw refusal(request, response, text);
    return new Response(text, { status: response.status, headers: response.headers });
  }

  /** How long to wait before the next attempt, in ms; `null`: there is none. */
  private waitBefore(attempt: number, { method }: Request, error: unknown): number | null {
    const { retries, retryDelayMs } = this.options;
    if (method !== 'GET' || attempt >= retries) return null;
    if (error instanceof RefusedError) return error.retryAfterSeconds === null ? null : error.retryAfterSeconds * 1000;
    return error instanceof UnreachableError && error.reason === 'connection' ? retryDelayMs * 2 ** attempt : null;
  }

  private timedOut(request: Request): ApiError {
    const text = `${originOf(request)} did not answer within ${this.options.timeoutMs} ms`;
    return new UnreachableError(nameOf(request), 'timeout', text);
  }
}

function nameOf({ method, url }: Request): string {
  const { pathname, search } = new URL(url);
  return `${method} ${pathname}${search}`;
}

function originOf({ url }: Request): string {
  return new URL(url).origin;
}

function unreachable(request: Request, error: unknown): ApiError {
  // "fetch failed" says nothing; its cause does. With several addresses it is a list.
  const cause = (error as { cause?: Error & { code?: string; errors?: Error[] } }).cause;
  const reason = cause?.errors?.[0]?.message ?? (cause?.message || cause?.code) ?? String(error);
  return new UnreachableError(nameOf(request), 'connection', `cannot reach ${originOf(request)}: ${reason}`, {
    cause: error,
  });
}

/** Pages of proxies and of other servers: no answer of the API is HTML, and no refusal without a body. */
function isForeign({ headers, ok }: Response, text: string): boolean {
  return /\bhtml\b/.test(headers.get('content-type') ?? '') || (!ok && parsed(text) === undefined);
}

function foreign(request: Request, { status }: Response): ApiError {
  const text = `what answers at ${originOf(request)} is no Smart Router: ${nameOf(request)} got a ${status} in another format`;
  return new UnreachableError(nameOf(request), 'foreign-answer', text);
}

function refusal(request: Request, { status, headers }: Response, text: string): ApiError {
  const body = parsed(text);
  const { code, request_id: requestId } = (body ?? {}) as { code?: unknown; request_id?: unknown };
  return new RefusedError(nameOf(request), {
    status,
    code: typeof code === 'string' ? code : `HTTP_${status}`,
    requestId: typeof requestId === 'string' ? requestId : headers.get('x-request-id'),
    retryAfterSeconds: secondsOf(headers.get('retry-after')),
    body,
  });
}

function secondsOf(header: string | null): number | null {
  return header !== null && /^\d+$/.test(header) ? Number(header) : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Not JSON: whoever asks decides what that means.
  }
}
