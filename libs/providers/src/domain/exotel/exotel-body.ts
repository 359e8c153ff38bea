import { mediaTypeOf, valuesByKey } from '../form-body';
import type { InvalidWebhook } from '../provider';
import type { WebhookRequest } from '../webhook-request';

/** All values of each field, in the order sent. */
type ExotelBody = { readonly kind: 'fields'; readonly fields: Readonly<Record<string, unknown[]>> } | InvalidWebhook;

/**
 * Reads JSON, a form, or multipart form data, which is what status callbacks are unless they are set to JSON. JSON is
 * recognized by its look, too, since it is sent under other types as well.
 */
export async function readExotelBody(request: WebhookRequest): Promise<ExotelBody> {
  try {
    return { kind: 'fields', fields: valuesByKey(await entriesOf(request)) };
  } catch {
    // Whatever a parser objects to, the sender gets the same clear answer.
    return { kind: 'invalid', code: 'INVALID_BODY', message: 'invalid request body' };
  }
}

/** @throws where the body is not what it says it is */
async function entriesOf(request: WebhookRequest): Promise<Iterable<[string, unknown]>> {
  const mediaType = mediaTypeOf(request);
  if (request.rawBody.length === 0) {
    return [];
  }
  if (mediaType === 'multipart/form-data') {
    return multipartEntries(request);
  }
  const text = request.rawBody.toString('utf8');
  return mediaType === 'application/json' || text.trimStart().startsWith('{')
    ? jsonEntries(text)
    : new URLSearchParams(text);
}

function jsonEntries(text: string): [string, unknown][] {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError('not an object');
  }
  return Object.entries(value);
}

async function multipartEntries({ rawBody, headers }: WebhookRequest): Promise<Iterable<[string, unknown]>> {
  const contentType = headers['content-type'] ?? '';
  return new Response(new Uint8Array(rawBody), { headers: { 'content-type': contentType } }).formData();
}
