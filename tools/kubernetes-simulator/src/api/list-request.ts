import { type KubernetesObject, without } from '../objects/kubernetes-object';
import { apiVersionOf, type ResourceKind } from '../objects/resource-kind';
import { labelFilter } from '../objects/label-selector';
import { badRequest, expired, StatusError, unforeseen } from '../objects/status-error';
import { CompactedError, type RevisionStore } from '../storage/revision-store';
import type { ResourceRequest } from './request-info';

export interface ObjectList {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  /** Without kind and apiVersion, which the list names. */
  readonly items: readonly Omit<KubernetesObject, 'kind' | 'apiVersion'>[];
}

/** Where the next page of a list begins. */
interface ContinueToken {
  /** The revision that all pages show; -1: whatever is there now, after the history of the first page was lost. */
  readonly revision: number;
  /** The key of the last object of the page before. */
  readonly after: string;
}

const INCONSISTENT = -1;

const PAGE_EXPIRED =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
  'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
  'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
  'deleted between the time the first chunk was returned and now may show up in the list.';

/** @returns 0 where the query names none. @throws StatusError 500, as the real server answers a bad one */
export function revisionOf(query: URLSearchParams): number {
  const text = query.get('resourceVersion') ?? '';
  if (text === '') return 0;
  if (!/^\d+$/.test(text)) {
    throw unforeseen(`resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`);
  }
  return Number(text);
}

/** One page, all pages of one list showing the state of one revision. @throws StatusError 400, 410, 504 */
export function answerList(store: RevisionStore, resource: ResourceKind, request: ResourceRequest): ObjectList {
  const { query, namespace } = request;
  const token = tokenOf(query);
  const revision = token ? revisionOfPage(store, token) : revisionOfFirstPage(store, query);
  const filter = labelFilter(query.get('labelSelector'));
  const all = statesAt(store, resource, namespace, { revision, token });
  const rest = all.filter((object) => (token ? keyOf(object) > token.after : true) && filter(object));
  return toPage(resource, rest, revision, query);
}

function tokenOf(query: URLSearchParams): ContinueToken | null {
  const text = query.get('continue') ?? '';
  if (text === '') return null;
  if (!['', '0'].includes(query.get('resourceVersion') ?? '')) {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  return decodeContinueToken(text);
}

/** Opaque to clients. */
function encodeContinueToken({ revision, after }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: after })).toString('base64url');
}

/** @throws StatusError 400 */
function decodeContinueToken(token: string): ContinueToken {
  try {
    const { rv, start } = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Record<string, unknown>;
    if (typeof rv === 'number' && typeof start === 'string') return { revision: rv, after: start };
  } catch {
    // Not a token of this server: answered below.
  }
  throw badRequest('invalid continue token: continue key is not valid');
}

function limitOf(query: URLSearchParams): number {
  const limit = Number(query.get('limit') ?? 0);
  return limit <= 0 || isFromMemory(query) ? Infinity : limit;
}

/**
 * The API server answers from its memory where an older state will do. That knows no pages and no order; here the order
 * is reversed, so that a client that relies on it fails.
 */
function isFromMemory(query: URLSearchParams): boolean {
  const revision = query.get('resourceVersion') ?? '';
  if (revision === '0') return true;
  return revision !== '' && !query.has('limit') && query.get('resourceVersionMatch') !== 'Exact';
}

function toPage(
  resource: ResourceKind,
  rest: readonly KubernetesObject[],
  revision: number,
  query: URLSearchParams,
): ObjectList {
  const items = rest.slice(0, limitOf(query));
  const last = items.at(-1);
  const remaining = rest.length - items.length;
  const isSelecting = Boolean(query.get('labelSelector'));
  return {
    kind: `${resource.kind}List`,
    apiVersion: apiVersionOf(resource),
    metadata: {
      resourceVersion: `${revision}`,
      ...(last && remaining > 0 && { continue: encodeContinueToken({ revision, after: keyOf(last) }) }),
      ...(remaining > 0 && !isSelecting && { remainingItemCount: remaining }),
    },
    items: (isFromMemory(query) ? [...items].reverse() : items).map((object) => without(object, 'kind', 'apiVersion')),
  };
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function revisionOfPage(store: RevisionStore, { revision }: ContinueToken): number {
  return revision === INCONSISTENT ? store.revision : revision;
}

function revisionOfFirstPage(store: RevisionStore, query: URLSearchParams): number {
  const asked = revisionOf(query);
  const isExact = query.get('resourceVersionMatch') === 'Exact';
  if (asked <= store.revision) return isExact ? asked : store.revision;
  throw isExact
    ? unforeseen('etcdserver: mvcc: required revision is a future revision')
    : tooLarge(asked, store.revision);
}

function tooLarge(asked: number, current: number): StatusError {
  return new StatusError({
    code: 504,
    reason: 'Timeout',
    message: `Timeout: Too large resource version: ${asked}, current: ${current}`,
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  });
}

interface AskedState {
  readonly revision: number;
  readonly token: ContinueToken | null;
}

function statesAt(
  store: RevisionStore,
  resource: ResourceKind,
  namespace: string,
  { revision, token }: AskedState,
): KubernetesObject[] {
  try {
    return store.list(resource, namespace, revision);
  } catch (error) {
    if (!(error instanceof CompactedError)) throw error;
    if (!token) throw expired(`The resourceVersion for the provided list is too old.`);
    throw expired(PAGE_EXPIRED, encodeContinueToken({ revision: INCONSISTENT, after: token.after }));
  }
}
