import { IDENTIFIER, IDENTIFIER_RULE } from '@smart-router/allocator';
import type { CallEventName, InvalidWebhook, MediaRequest, WebhookReading } from './provider';

/** All values of a field, in the order of their authority. */
type FieldLookup = (name: string) => readonly unknown[];

/** A word of the provider, folded: trimmed and in lower case. `undefined` where the field is not given. */
export type WordLookup = (name: string) => string | undefined;

/** What a provider says by a request, before the fields that this needs are looked at. */
export type Meaning =
  | { readonly kind: 'media'; readonly status?: string }
  | { readonly kind: 'ended' | 'progress'; readonly status: string }
  | { readonly kind: 'event'; readonly event: CallEventName };

interface WebhookFields {
  /** What the provider calls the id of a call. */
  readonly callIdField: string;
  /** What the provider says of the call: only what is signed, where the provider signs. */
  readonly said: FieldLookup;
  /** `merchant_id`, `flow` and `template`: what the registered address asks for. */
  readonly asked: FieldLookup;
  /** The template from the path, which goes before a field of that name. */
  readonly pathTemplate: string | null;
}

/** Reads a request by its meaning; every value is checked, since all of them end up in keys, URLs or the log. */
export function readWebhook(fields: WebhookFields, meaningOf: (word: WordLookup) => Meaning): WebhookReading {
  const { callIdField, said } = fields;
  const meaning = meaningOf((name) => foldedWord(firstGiven(said(name))));
  const callSid = firstGiven(said(callIdField));
  if (callSid === undefined) {
    return meaning.kind === 'event' ? meaning : invalid(`${callIdField} is required`);
  }
  if (!isIdentifier(callSid)) {
    return invalid(`${callIdField} must be ${IDENTIFIER_RULE}`);
  }
  switch (meaning.kind) {
    case 'media':
      return readMediaRequest(callSid, meaning.status, fields);
    case 'event':
      return { ...meaning, callSid };
    default:
      return { kind: meaning.kind, callSid, status: loggable(meaning.status) };
  }
}

function readMediaRequest(
  callSid: string,
  status: string | undefined,
  { asked, pathTemplate }: WebhookFields,
): MediaRequest | InvalidWebhook {
  const values = {
    merchant_id: firstGiven(asked('merchant_id')),
    flow: firstGiven(asked('flow')),
    template: firstGiven([pathTemplate, ...asked('template')]),
  };
  const wrong = Object.entries(values).find(([, value]) => value !== undefined && !isIdentifier(value));
  if (wrong !== undefined) {
    return invalid(`${wrong[0]} must be ${IDENTIFIER_RULE}`);
  }
  return {
    kind: 'media',
    callSid,
    merchantId: textOf(values.merchant_id) ?? '',
    flow: textOf(values.flow),
    template: textOf(values.template),
    ...(status !== undefined && { status: loggable(status) }),
  };
}

/** As the words of all providers look. Any other text is the sender's own, and no business of the log. */
const WORD = /^[a-z_-]{1,32}$/;

function loggable(word: string): string {
  return WORD.test(word) ? word : 'other';
}

/** What is no text is given all the same, and is no word of any provider. */
function foldedWord(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value.trim().toLowerCase() : 'other';
}

function invalid(message: string): InvalidWebhook {
  return { kind: 'invalid', code: 'INVALID_FIELD', message };
}

/** A field that is empty, or holds nothing but spaces, is not given: it hides no other value. */
function firstGiven(values: readonly unknown[]): unknown {
  return values.find((value) => value !== undefined && value !== null && !isBlank(value));
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}

function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && IDENTIFIER.test(value);
}

function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}
