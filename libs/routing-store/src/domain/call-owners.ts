/**
 * To whom a call belongs: the provider in whose name it was brought, in small letters, or {@link API_OWNER}. A request in the
 * name of a provider sees, ends and bars the calls of the owners that it acts for, and no others; the API acts for all.
 */
export type CallOwner = string;

/** The owner of calls that the API brought in the name of no provider. */
export const API_OWNER: CallOwner = 'api';

/** The owner of a call that was brought in the name of this provider; none is `null`, `undefined` or empty. */
export function ownerOf(provider: string | null | undefined): CallOwner {
  // As the scripts fold it: other letters than these have another length in small.
  return provider ? provider.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : API_OWNER;
}
