import type { CallReading, InvalidWebhook, StatusReading } from './provider';
import { IDENTIFIER, IDENTIFIER_RULE } from '@smart-router/allocator';

/** Where the fields of a webhook come from; `undefined`, `null` and '' are all "not given". */
export type FieldLookup = (name: string) => unknown;

export interface CallFieldSource {
  /** What the provider calls the id of a call. */
  readonly callIdField: string;
  readonly field: FieldLookup;
  /** The template from the path, which goes before a field of that name. */
  readonly pathTemplate: string | null;
}

/** Reads what an allocation needs; every value is checked, since all of them end up in keys or URLs. */
export function readCallFields({ callIdField, field, pathTemplate }: CallFieldSource): CallReading {
  const values = {
    [callIdField]: field(callIdField),
    merchant_id: field('merchant_id'),
    flow: field('flow'),
    template: pathTemplate ?? field('template'),
  };
  if (!isGiven(values[callIdField])) {
    return invalid(`${callIdField} is required`);
  }
  const wrong = Object.entries(values).find(([, value]) => isGiven(value) && !isIdentifier(value));
  if (wrong !== undefined) {
    return invalid(`${wrong[0]} must be ${IDENTIFIER_RULE}`);
  }
  return {
    kind: 'call',
    callSid: String(values[callIdField]),
    merchantId: textOf(values.merchant_id) ?? '',
    flow: textOf(values.flow),
    template: textOf(values.template),
  };
}

/** What a status callback says. */
export interface StatusFieldSource {
  readonly callIdField: string;
  readonly callSid: unknown;
  readonly statusField: string;
  readonly status: unknown;
  /** Whether the status, in lower case, means that the call is over. */
  readonly isTerminal: (status: string) => boolean;
}

/** As the words of all providers look. Any other text is the sender's own, and no business of the log. */
const WORD = /^[a-z_-]{1,32}$/;

export function readStatusFields({
  callIdField,
  callSid,
  statusField,
  status,
  isTerminal,
}: StatusFieldSource): StatusReading {
  if (!isGiven(callSid)) {
    return invalid(`${callIdField} is required`);
  }
  if (!isIdentifier(callSid)) {
    return invalid(`${callIdField} must be ${IDENTIFIER_RULE}`);
  }
  if (typeof status !== 'string' || status === '') {
    return invalid(`${statusField} is required`);
  }
  const word = status.toLowerCase();
  return { kind: isTerminal(word) ? 'ended' : 'ongoing', callSid, status: WORD.test(word) ? word : 'other' };
}

function invalid(message: string): InvalidWebhook {
  return { kind: 'invalid', code: 'INVALID_FIELD', message };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && IDENTIFIER.test(value);
}

function textOf(value: unknown): string | undefined {
  return isGiven(value) ? String(value) : undefined;
}
