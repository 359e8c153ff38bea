import { createHash } from 'node:crypto';
import { invalidField } from '@smart-router/http';
import type { RoutingStore } from '@smart-router/routing-store';

/** The lists that are read in pages. */
export type ListName = 'pods' | 'calls' | 'merchants' | 'audit';

type StoreKind = RoutingStore['kind'];

const CHECK_LENGTH = 8;

/** As Redis writes the score of a member: by hand it may have been given any. */
const SCORE = String.raw`-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|inf)`;
const CALL_POSITION = new RegExp(`^${SCORE}/`);
/** Before the first id, which is 0-1, there is nothing to read. */
const STREAM_ID = /^(?!0+-0+$)\d{1,20}-\d{1,20}$/;
const DIGITS = /^\d{1,20}$/;
/** Numbers of Redis, in cursors of a scan and in ids of a stream. */
const UNSIGNED = 2n ** 64n;

/** What the store takes as a cursor without an error, whoever made it. */
const SHAPES: Readonly<Record<ListName, (cursor: string, kind: StoreKind) => boolean>> = {
  pods: (cursor) => cursor !== '',
  calls: (cursor) => CALL_POSITION.test(cursor),
  merchants: (cursor, kind) => (kind === 'redis' ? DIGITS.test(cursor) && BigInt(cursor) < UNSIGNED : cursor !== ''),
  audit: (cursor) => STREAM_ID.test(cursor) && cursor.split('-').every((part) => BigInt(part) < UNSIGNED),
};

/**
 * Wraps a cursor of the store for clients. The check refuses a cursor of another list; it is no secret, so that the
 * cursors of one replica serve at all. What a client forges has to have the shape that the store takes.
 */
export function encodeCursor(list: ListName, cursor: string | null): string | null {
  return cursor === null ? null : check(list, cursor) + Buffer.from(cursor).toString('base64url');
}

/** @throws ApiError INVALID_FIELD for what is no cursor of this list, or none that this kind of store takes */
export function decodeCursor(list: ListName, text: string, kind: StoreKind): string {
  const cursor = Buffer.from(text.slice(CHECK_LENGTH), 'base64url').toString();
  if (encodeCursor(list, cursor) !== text || !SHAPES[list](cursor, kind)) {
    throw invalidField('cursor', 'must be the cursor of an earlier answer');
  }
  return cursor;
}

function check(list: ListName, cursor: string): string {
  return createHash('sha256').update(`${list}/${cursor}`).digest('base64url').slice(0, CHECK_LENGTH);
}
