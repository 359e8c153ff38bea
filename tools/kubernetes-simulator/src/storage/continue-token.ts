import { badRequest } from '../objects/status-error';

/** Where the next page of a list begins. */
export interface ContinueToken {
  /** The revision that all pages show; -1: whatever is there now, after the history of the first page was lost. */
  readonly revision: number;
  /** The key of the last object of the page before. */
  readonly after: string;
}

export const INCONSISTENT = -1;

/** Opaque to clients. */
export function encodeContinueToken({ revision, after }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: after })).toString('base64url');
}

/** @throws StatusError 400 */
export function decodeContinueToken(token: string): ContinueToken {
  try {
    const { rv, start } = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Record<string, unknown>;
    if (typeof rv === 'number' && typeof start === 'string') return { revision: rv, after: start };
  } catch {
    // Not a token of this server: answered below.
  }
  throw badRequest('invalid continue token: continue key is not valid');
}
