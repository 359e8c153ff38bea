import type { WebhookAnswer } from './provider';
import { xmlText } from './xml-text';

export function xmlAnswer(status: number, body: string): WebhookAnswer {
  return { status, contentType: 'text/xml; charset=utf-8', headers: {}, body };
}

/** A comment that may follow the root element of a document. */
export function xmlComment(text: string): string {
  return `<!-- ${xmlText(text).replaceAll('--', '- -')} -->`;
}
