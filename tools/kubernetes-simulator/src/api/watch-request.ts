import type { KubernetesObject } from '../objects/kubernetes-object';
import { apiVersionOf, type ResourceKind } from '../objects/resource-kind';
import { labelFilter, type ObjectFilter } from '../objects/label-selector';
import { expired, invalid, type StatusBody } from '../objects/status-error';
import { type Change, CompactedError, type RevisionStore } from '../storage/revision-store';
import { revisionOf } from './list-request';
import type { ResourceRequest } from './request-info';

/** One line of a watch. */
export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubernetesObject }
  | { readonly type: 'BOOKMARK'; readonly object: Readonly<Record<string, unknown>> }
  | { readonly type: 'ERROR'; readonly object: StatusBody };

/** A watch that was accepted: what has happened already, and how to follow the rest. */
export interface WatchFeed {
  readonly initial: readonly WatchEvent[];
  /** Nothing comes after the initial events: the history that was asked for is gone. */
  readonly isOver: boolean;
  /** `null`: the server decides. */
  readonly timeoutMs: number | null;
  readonly wantsBookmarks: boolean;
  /** What was sent or skipped so far, as an event. */
  bookmark(): WatchEvent;
  /** @returns a function that ends it */
  subscribe(listener: (event: WatchEvent) => void): () => void;
}

/** @throws StatusError 400 for a bad selector or resourceVersion, 422 for options that a watch does not have */
export function openWatch(store: RevisionStore, resource: ResourceKind, request: ResourceRequest): WatchFeed {
  const { query } = request;
  refuseListOptions(query);
  const filter = scopedFilter(resource, request);
  const start = initialEvents(store, resource, revisionOf(query), filter);
  const timeoutSeconds = Number(query.get('timeoutSeconds') ?? 0);
  return {
    ...start,
    timeoutMs: timeoutSeconds > 0 ? timeoutSeconds * 1000 : null,
    wantsBookmarks: ['true', '1'].includes(query.get('allowWatchBookmarks') ?? ''),
    bookmark: () => bookmarkOf(resource, store.revision),
    subscribe: (listener) =>
      store.subscribe(resource, (change) => {
        const event = change.revision > revisionOf(query) ? toEvent(change, filter) : null;
        if (event) listener(event);
      }),
  };
}

/** Clients that would stream their first list try these two, and fall back to a list where they are refused. */
function refuseListOptions(query: URLSearchParams): void {
  if (!query.has('resourceVersionMatch')) return;
  const problems = ['for watch', ...(query.get('resourceVersion') ? [] : ['unless resourceVersion is provided'])];
  throw invalid(
    { kind: 'ListOptions', group: 'meta.k8s.io' },
    '',
    problems.map((why) => ({
      field: 'resourceVersionMatch',
      reason: 'FieldValueForbidden',
      message: `Forbidden: resourceVersionMatch is forbidden ${why}`,
    })),
  );
}

function scopedFilter(resource: ResourceKind, { namespace, query }: ResourceRequest): ObjectFilter {
  const filter = labelFilter(query.get('labelSelector'));
  const isHere = ({ metadata }: KubernetesObject): boolean =>
    !resource.namespaced || namespace === '' || metadata.namespace === namespace;
  return (object) => isHere(object) && filter(object);
}

function initialEvents(
  store: RevisionStore,
  resource: ResourceKind,
  revision: number,
  filter: ObjectFilter,
): Pick<WatchFeed, 'initial' | 'isOver'> {
  if (revision === 0) {
    // From memory, in no order: not in that of the names.
    const initial = store.list(resource, '').filter(filter).reverse();
    return { initial: initial.map((object) => ({ type: 'ADDED', object })), isOver: false };
  }
  try {
    const events = store.changesAfter(resource, revision).map((change) => toEvent(change, filter));
    return { initial: events.filter((event) => event !== null), isOver: false };
  } catch (error) {
    if (!(error instanceof CompactedError)) throw error;
    return { initial: [tooOld(error.requested, error.oldest)], isOver: true };
  }
}

/** What a watch gets whose history is gone. */
export function tooOld(requested: number, oldest: number): WatchEvent {
  return { type: 'ERROR', object: expired(`too old resource version: ${requested} (${oldest})`).body };
}

/** An object that leaves the selection is deleted for this watch, one that comes into it is added. */
function toEvent({ type, object, previous, revision }: Change, filter: ObjectFilter): WatchEvent | null {
  const isIn = type !== 'DELETED' && filter(object);
  const wasIn = previous !== undefined && filter(previous);
  if (isIn) return { type: wasIn ? 'MODIFIED' : 'ADDED', object };
  if (!wasIn) return null;
  if (type === 'DELETED') return { type, object };
  const last = { ...previous, metadata: { ...previous.metadata, resourceVersion: `${revision}` } };
  return { type: 'DELETED', object: last };
}

function bookmarkOf(resource: ResourceKind, revision: number): WatchEvent {
  const metadata = { resourceVersion: `${revision}`, creationTimestamp: null };
  const empty = resource.plural === 'pods' ? { spec: { containers: null }, status: {} } : { spec: {} };
  return { type: 'BOOKMARK', object: { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata, ...empty } };
}
