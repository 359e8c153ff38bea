import { type PublicError, retryAfter } from '@smart-router/http/errors';
import type { WebhookAnswer } from './provider';

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

/** Everything that XML 1.0 cannot hold, not even escaped: control characters, lone surrogates, U+FFFE and U+FFFF. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** The builders of the providers escape markup, but let such characters through, and the document would not parse. */
export function xmlText(text: string): string {
  return text.replace(NOT_XML, '');
}
