import { type PublicError, retryAfter } from '@smart-router/http/errors';
import type { WebhookAnswer } from './provider';
import { xmlText } from './xml-text';

export function xmlAnswer(status: number, body: string): WebhookAnswer {
  return { status, contentType: 'text/xml; charset=utf-8', headers: {}, body };
}

/** A failure that is shown by its status, so that a provider that repeats or has a fallback address uses it. */
export function xmlFailure(failure: PublicError, body: string): WebhookAnswer {
  return { ...xmlAnswer(failure.status, body), headers: retryAfter(failure) };
}

/** A comment that may follow the root element of a document. */
export function xmlComment(text: string): string {
  return `<!-- ${xmlText(text).replaceAll('--', '- -')} -->`;
}
