import type { WebhookFailure } from './provider';

const REFUSED = { status: 502, retryAfterSeconds: 1 };
const OUT_OF_ORDER = { status: 502, retryAfterSeconds: 5 };
const TOO_LATE = { status: 504, retryAfterSeconds: 1 };

/** Failures by which the store is away: the router is ok, and the same request may succeed soon, or elsewhere. */
const STORE_AWAY: Readonly<Record<string, Omit<WebhookFailure, 'code'>>> = {
  STORE_UNAVAILABLE: { ...REFUSED, message: 'store unavailable' },
  STORE_RECOVERING: { ...REFUSED, message: 'store recovering' },
  WRONG_STORE: { ...OUT_OF_ORDER, message: 'wrong store' },
  STORE_DAMAGED: { ...OUT_OF_ORDER, message: 'store damaged' },
  DEADLINE_EXCEEDED: { ...TOO_LATE, message: 'request deadline exceeded' },
};

/** What a provider may learn of an error: only the failures that the HTTP contract names, nothing of the error's own text. */
export function publicFailure(error: unknown): WebhookFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const failure = Object.hasOwn(STORE_AWAY, code) ? STORE_AWAY[code] : undefined;
  if (failure === undefined) return { code: 'INTERNAL', message: 'internal error', status: 500 };
  return { code, ...failure, ...(isTimeout(error) && TOO_LATE) };
}

/** Whether a fallback address may do better. */
export function isStoreAway({ code }: WebhookFailure): boolean {
  return Object.hasOwn(STORE_AWAY, code);
}

/** A StoreUnavailableError says so of itself. */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'isTimeout' in error && error.isTimeout === true;
}
