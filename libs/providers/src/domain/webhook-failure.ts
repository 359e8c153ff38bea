import type { WebhookFailure } from './provider';

const PUBLIC_TEXT: Readonly<Record<string, string>> = {
  STORE_UNAVAILABLE: 'store unavailable',
  STORE_RECOVERING: 'store recovering',
  DEADLINE_EXCEEDED: 'request deadline exceeded',
};

/** What a provider may learn of an error: only the failures that the HTTP contract names, nothing of the error's own text. */
export function publicFailure(error: unknown): WebhookFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = Object.hasOwn(PUBLIC_TEXT, code) ? PUBLIC_TEXT[code] : undefined;
  return message === undefined ? { code: 'INTERNAL', message: 'internal error' } : { code, message };
}
