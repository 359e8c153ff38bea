import { statusFrom, type ApiStatus } from '../api/api-errors';
import { observe, resourceVersionOf, type ObjectReader, type Observed } from './kubernetes-object';

/** What happened to an object: it is there in this state, or it was in this state when it went away. */
export interface ObjectEvent<Value> {
  readonly kind: 'present' | 'gone';
  readonly object: Observed<Value>;
}

/** A line of a watch. */
export type WatchEvent<Value> =
  | ObjectEvent<Value>
  /** Nothing has changed up to this version. */
  | { readonly kind: 'bookmark'; readonly resourceVersion: string }
  /** The server ends the watch, although it may leave the stream open. */
  | { readonly kind: 'error'; readonly status: ApiStatus }
  /** Not to be understood: whatever it was, it may have been a change. */
  | { readonly kind: 'malformed'; readonly problem: string };

export function parseWatchEvent<Value>(line: string, read: ObjectReader<Value>): WatchEvent<Value> {
  try {
    return fromJson(JSON.parse(line), read);
  } catch (error) {
    return malformed(error instanceof Error ? error.message : String(error));
  }
}

function fromJson<Value>(event: unknown, read: ObjectReader<Value>): WatchEvent<Value> {
  const { object, type } = (event ?? {}) as { type?: unknown; object?: unknown };
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      return { kind: 'present', object: observe(object, read) };
    case 'DELETED':
      return { kind: 'gone', object: observe(object, read) };
    case 'BOOKMARK':
      return bookmark(resourceVersionOf(object));
    case 'ERROR':
      return { kind: 'error', status: statusFrom(object) };
    default:
      return malformed(`an event of type ${JSON.stringify(type)?.slice(0, 40)}`);
  }
}

function bookmark(resourceVersion: string | null): WatchEvent<never> {
  return resourceVersion === null ? malformed('a bookmark without a version') : { kind: 'bookmark', resourceVersion };
}

function malformed(problem: string): { kind: 'malformed'; problem: string } {
  return { kind: 'malformed', problem };
}
