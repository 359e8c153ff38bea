import { ApiError } from '../errors/api-error';

/** An answer names so many of them at most, and so much of each: the names are the client's. */
const MAX_NAMES = 5;
const MAX_NAME_LENGTH = 64;

/**
 * Finds input that would have no effect: a misspelt `dry_run` must not apply what was only to be tried.
 *
 * @param what what the names are, in the singular, for the answer: `field`
 * @returns a text that names those that are not known, and those that are; `undefined` where all are known
 */
export function unknownNames(what: string, names: readonly string[], known: readonly string[]): string | undefined {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return undefined;
  const shown = unknown.slice(0, MAX_NAMES).map((name) => JSON.stringify(name.slice(0, MAX_NAME_LENGTH)));
  const plural = unknown.length === 1 ? '' : 's';
  const remedy = known.length === 0 ? 'there is none here' : `known here: ${known.join(', ')}`;
  return `unknown ${what}${plural} ${shown.join(', ')}: ${remedy}`;
}

/** @throws ApiError INVALID_FIELD with the text of {@link unknownNames} */
export function refuseUnknown(what: string, names: readonly string[], known: readonly string[]): void {
  const text = unknownNames(what, names, known);
  if (text !== undefined) throw new ApiError('INVALID_FIELD', { text });
}
