import type { KubernetesObject } from '../objects/kubernetes-object';
import type { ResourceKind } from '../objects/resource-kind';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface Change {
  readonly revision: number;
  readonly type: ChangeType;
  /** For DELETED: the last state, with the revision of the deletion. */
  readonly object: KubernetesObject;
  readonly previous?: KubernetesObject;
}

/** A revision was asked for that a compaction has forgotten. */
export class CompactedError extends Error {
  readonly code = 'COMPACTED';

  constructor(
    readonly requested: number,
    readonly oldest: number,
  ) {
    super(`revision ${requested} is compacted, the oldest is ${oldest}`);
  }
}

/** A real cluster has written its own objects before anybody comes. */
const FIRST_REVISION = 100;
/** Bounds the memory of a process that runs for long; etcd forgets after five minutes instead. */
const MAX_HISTORY = 100_000;

type Listener = (change: Change) => void;

/**
 * What etcd is to a real API server: objects under sorted keys, one revision that every write increments, and the
 * history since the last compaction.
 */
export class RevisionStore {
  private current = FIRST_REVISION;
  private compacted = 0;
  private readonly objects = new Map<string, Map<string, KubernetesObject>>();
  private readonly histories = new Map<string, Change[]>();
  private readonly listeners = new Map<string, Set<Listener>>();

  /** The revision of the newest write. */
  get revision(): number {
    return this.current;
  }

  get({ plural }: ResourceKind, namespace: string, name: string): KubernetesObject | undefined {
    return this.objects.get(plural)?.get(keyOf(namespace, name));
  }

  /**
   * In the order of their keys.
   * @param revision as it was then; default: now. @throws CompactedError
   */
  list(resource: ResourceKind, namespace: string, revision = this.current): KubernetesObject[] {
    const state = new Map(this.objects.get(resource.plural));
    for (const change of this.changesAfter(resource, revision).reverse()) undo(state, change);
    const prefix = namespace === '' ? '' : `${namespace}/`;
    return [...state]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object);
  }

  /** Stores the object under the next revision. @returns it with its resourceVersion */
  put(resource: ResourceKind, object: KubernetesObject): KubernetesObject {
    const key = keyOf(object.metadata.namespace ?? '', object.metadata.name);
    const state = this.stateOf(resource);
    const previous = state.get(key);
    const stored = this.withNextRevision(object);
    state.set(key, stored);
    this.record(resource, { type: previous ? 'MODIFIED' : 'ADDED', object: stored, previous, revision: this.current });
    return stored;
  }

  /** @returns the last state, with the revision of the deletion */
  delete(resource: ResourceKind, object: KubernetesObject): KubernetesObject {
    const key = keyOf(object.metadata.namespace ?? '', object.metadata.name);
    const previous = this.stateOf(resource).get(key);
    this.stateOf(resource).delete(key);
    const last = this.withNextRevision(object);
    this.record(resource, { type: 'DELETED', object: last, previous, revision: this.current });
    return last;
  }

  /** Oldest first. @throws CompactedError */
  changesAfter({ plural }: ResourceKind, revision: number): Change[] {
    if (revision < this.compacted) throw new CompactedError(revision, this.compacted);
    const history = this.histories.get(plural) ?? [];
    const first = history.findLastIndex((change) => change.revision <= revision) + 1;
    return history.slice(first);
  }

  /** Forgets everything before the newest revision. */
  compact(): void {
    this.compacted = this.current;
    this.histories.clear();
  }

  /** @returns a function that ends it */
  subscribe({ plural }: ResourceKind, listener: Listener): () => void {
    const listeners = this.listeners.get(plural) ?? new Set();
    this.listeners.set(plural, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  private stateOf({ plural }: ResourceKind): Map<string, KubernetesObject> {
    const state = this.objects.get(plural) ?? new Map<string, KubernetesObject>();
    this.objects.set(plural, state);
    return state;
  }

  private withNextRevision(object: KubernetesObject): KubernetesObject {
    this.current += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: `${this.current}` } };
  }

  private record({ plural }: ResourceKind, change: Change): void {
    const history = this.histories.get(plural) ?? [];
    history.push(change);
    this.histories.set(plural, history);
    if (history.length > MAX_HISTORY) this.forgetOldest(history);
    for (const listener of this.listeners.get(plural) ?? []) listener(change);
  }

  private forgetOldest(history: Change[]): void {
    const last = history.splice(0, MAX_HISTORY / 2).at(-1);
    this.compacted = Math.max(this.compacted, last?.revision ?? 0);
  }
}

function keyOf(namespace: string, name: string): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

function undo(state: Map<string, KubernetesObject>, { previous, object }: Change): void {
  const key = keyOf(object.metadata.namespace ?? '', object.metadata.name);
  if (previous) state.set(key, previous);
  else state.delete(key);
}
