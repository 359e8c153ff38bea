import type { WebhookRequest } from './webhook-request';

const FORM = 'application/x-www-form-urlencoded';

/** Ten times what any provider sends: sorting and hashing many more would be work for nothing. */
export const MAX_FORM_FIELDS = 500;

const SEPARATOR = '&'.charCodeAt(0);

/** Counts without decoding, whatever the body says that it is: a body that is no form has no reason to be so rich in &. */
export function hasTooManyFields({ rawBody }: WebhookRequest): boolean {
  let fields = 1;
  for (let at = rawBody.indexOf(SEPARATOR); at !== -1; at = rawBody.indexOf(SEPARATOR, at + 1)) {
    fields += 1;
    if (fields > MAX_FORM_FIELDS) return true;
  }
  return false;
}

/** The media type of the body in lower case, without parameters; empty where none is given. */
export function mediaTypeOf(request: WebhookRequest): string {
  return (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/**
 * The form parameters in the order sent; none where the body says that it is something else. Signatures are checked
 * over exactly these, so nothing else of the body may be read.
 */
export function formFields(request: WebhookRequest): URLSearchParams {
  const isForm = [FORM, ''].includes(mediaTypeOf(request));
  return new URLSearchParams(isForm ? request.rawBody.toString('utf8') : '');
}

/** Every key once with all its values in the order given, whatever the key is called. */
export function valuesByKey<T>(fields: Iterable<[string, T]>): Record<string, T[]> {
  const values: Record<string, T[]> = Object.create(null) as Record<string, T[]>;
  for (const [key, value] of fields) {
    (values[key] ??= []).push(value);
  }
  return values;
}
