import { createHash } from 'node:crypto';
import { invalidField } from '@smart-router/http';

/** The lists that are read in pages. */
export type ListName = 'pods' | 'calls' | 'merchants';

const CHECK_LENGTH = 8;

/**
 * Wraps a cursor of the store for clients. The check lets the store meet only cursors that it made itself, for the
 * same list: what it does with others is undefined. It is no secret and protects from mistakes only.
 */
export function encodeCursor(list: ListName, cursor: string | null): string | null {
  return cursor === null ? null : check(list, cursor) + Buffer.from(cursor).toString('base64url');
}

/** @throws ApiError INVALID_FIELD for anything that `encodeCursor` has not made for this list */
export function decodeCursor(list: ListName, text: string): string {
  const cursor = Buffer.from(text.slice(CHECK_LENGTH), 'base64url').toString();
  if (encodeCursor(list, cursor) !== text) throw invalidField('cursor', 'must be the next_cursor of an earlier answer');
  return cursor;
}

function check(list: ListName, cursor: string): string {
  return createHash('sha256').update(`${list}/${cursor}`).digest('base64url').slice(0, CHECK_LENGTH);
}
