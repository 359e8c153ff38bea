import { ApiError } from './errors/api-error';

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads the JSON object that a body must hold, whatever its content type says.
 *
 * @param raw the body as it came; `undefined` or `null` where there was none
 * @throws ApiError INVALID_BODY where it is missing, no JSON, or no object
 */
export function parseJsonObject(raw: unknown): JsonObject {
  const value = Buffer.isBuffer(raw) && raw.length > 0 ? parse(raw.toString('utf8')) : undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ApiError('INVALID_BODY');
  return value as JsonObject;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ApiError('INVALID_BODY', { cause: error });
  }
}
