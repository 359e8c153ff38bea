import type { Observed } from './kubernetes-object';
import { isOlder } from './resource-version';

/** Every object of a kind as the API showed it in one moment. */
export interface ObjectList<Value> {
  readonly resourceVersion: string;
  readonly objects: readonly Observed<Value>[];
}

/**
 * The objects of one kind as they were seen last, by name.
 *
 * Guarantees: what is known of a name never gets older. Lists and watches may overlap, and events may come twice, out
 * of order, or after a list that knows better: an object counts only with a later version than what is known of its
 * name, deletions included, and a list counts for all names that are not known in a later version. So the order in
 * which lists and events arrive makes no difference in the end.
 */
export class ObjectStore<Value> {
  private objects = new Map<string, Observed<Value>>();
  /** In which version names went away, as far as that is later than the floor. */
  private readonly gone = new Map<string, string>();
  /** Everything up to this version is known: what arrives about it later says nothing new. */
  private floor: string | null = null;

  /** Whether all objects of some moment are here. */
  get isComplete(): boolean {
    return this.floor !== null;
  }

  get(name: string): Observed<Value> | undefined {
    return this.objects.get(name);
  }

  values(): readonly Value[] {
    return [...this.objects.values()].map(({ value }) => value);
  }

  /** @returns whether that was news */
  put(object: Observed<Value>): boolean {
    const known = this.knownVersion(object.name);
    if (known !== null && (known === object.resourceVersion || isOlder(object.resourceVersion, known))) return false;
    this.gone.delete(object.name);
    this.objects.set(object.name, object);
    return true;
  }

  /** The end of one life of a name. @returns whether that was news */
  remove({ name, resourceVersion, uid }: Observed<Value>): boolean {
    const object = this.objects.get(name);
    const known = this.knownVersion(name);
    if (known !== null && isOlder(resourceVersion, known)) return false;
    // Where versions cannot tell which life came later, the one that is known counts.
    if (object && object.uid !== uid && !isOlder(object.resourceVersion, resourceVersion)) return false;
    this.objects.delete(name);
    this.gone.set(name, resourceVersion);
    return object !== undefined;
  }

  /** The server has told everything up to this version. */
  advance(resourceVersion: string): void {
    if (this.floor === null || isOlder(resourceVersion, this.floor)) return;
    this.floor = resourceVersion;
    for (const [name, version] of this.gone) if (!isOlder(resourceVersion, version)) this.gone.delete(name);
  }

  /** Takes a list over for every name that is not known in a later version. @returns whether anything is different */
  merge({ objects, resourceVersion }: ObjectList<Value>): boolean {
    if (this.floor !== null && isOlder(resourceVersion, this.floor)) return false;
    const merged = new Map<string, Observed<Value>>();
    for (const object of objects) if (!this.wentAwayAfter(object)) merged.set(object.name, object);
    for (const [name, known] of this.objects) {
      const listed = merged.get(name)?.resourceVersion ?? resourceVersion;
      if (isOlder(listed, known.resourceVersion)) merged.set(name, known);
    }
    return this.take(merged, resourceVersion);
  }

  /** Forgets everything in favour of a list, also of an older one. @returns whether anything is different */
  replace({ objects, resourceVersion }: ObjectList<Value>): boolean {
    this.floor = null;
    this.gone.clear();
    return this.take(new Map(objects.map((object) => [object.name, object])), resourceVersion);
  }

  private take(objects: Map<string, Observed<Value>>, resourceVersion: string): boolean {
    const before = this.objects;
    const isNew = ({ name, resourceVersion: version }: Observed<Value>): boolean =>
      before.get(name)?.resourceVersion !== version;
    const different = !this.isComplete || objects.size !== before.size || [...objects.values()].some(isNew);
    this.objects = objects;
    this.floor ??= resourceVersion;
    this.advance(resourceVersion);
    return different;
  }

  private wentAwayAfter({ name, resourceVersion }: Observed<Value>): boolean {
    const gone = this.gone.get(name);
    return gone !== undefined && !isOlder(gone, resourceVersion);
  }

  private knownVersion(name: string): string | null {
    return this.objects.get(name)?.resourceVersion ?? this.gone.get(name) ?? this.floor;
  }
}
