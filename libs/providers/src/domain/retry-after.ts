import type { WebhookFailure } from './provider';

/** The header that says when a repetition has a chance, where it has one. */
export function retryAfter({ retryAfterSeconds }: WebhookFailure): Record<string, string> {
  return retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
}
