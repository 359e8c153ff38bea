import { ApiError } from './errors/api-error';
import { refuseUnknown } from './validation/unknown-names';

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads the JSON object that a body must hold, whatever its content type says.
 *
 * @param raw the body as it came; `undefined` or `null` where there was none
 * @throws ApiError INVALID_BODY where it is missing, no JSON, or no object; the text says which
 */
export function parseJsonObject(raw: unknown): JsonObject {
  if (!Buffer.isBuffer(raw) || raw.length === 0) throw invalidBody('is empty');
  const value = parse(raw.toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidBody('is another JSON value');
  return value as JsonObject;
}

function invalidBody(problem: string, cause?: unknown): ApiError {
  const text = `invalid request body: it must be a JSON object, but ${problem}`;
  return new ApiError('INVALID_BODY', { text, cause });
}

/**
 * For routes that take no fields.
 * @param raw the body as it came
 * @throws ApiError INVALID_BODY, or INVALID_FIELD where the body has fields all the same
 */
export function refuseFields(raw: unknown): void {
  if (Buffer.isBuffer(raw) && raw.length > 0) refuseUnknown('field', Object.keys(parseJsonObject(raw)), []);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidBody('is no JSON', error);
  }
}
