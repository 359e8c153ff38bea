/** What the API says of every object. */
interface ObjectMeta {
  readonly name: string;
  /** One life of the name. */
  readonly uid: string;
  /** Of this state of the object. */
  readonly resourceVersion: string;
}

/** An object that was read from the API, reduced to what is needed of it. */
export interface Observed<Value> extends ObjectMeta {
  readonly value: Value;
}

/** Every object of a kind as the API showed it in one moment. */
export interface ObjectList<Value> {
  readonly resourceVersion: string;
  readonly objects: readonly Observed<Value>[];
}

/** Takes from an object of the API what is needed. @throws where it is no such object */
export type ObjectReader<Value> = (object: unknown) => Value;

/** @throws TypeError where it is no object with a name, a uid and a version */
export function observe<Value>(object: unknown, read: ObjectReader<Value>): Observed<Value> {
  const { name, resourceVersion, uid } = metadataOf(object);
  if (!isText(name) || !isText(uid) || !isText(resourceVersion)) throw new TypeError('an object without identity');
  return { name, uid, resourceVersion, value: read(object) };
}

/** The version that a list or a bookmark speaks of; `null` where it names none. */
export function resourceVersionOf(object: unknown): string | null {
  const { resourceVersion } = metadataOf(object);
  return isText(resourceVersion) ? resourceVersion : null;
}

export function metadataOf(object: unknown): Readonly<Record<string, unknown>> {
  const metadata = (object as { metadata?: unknown } | null | undefined)?.metadata;
  return typeof metadata === 'object' && metadata !== null ? (metadata as Record<string, unknown>) : {};
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

const NUMBER = /^(0|[1-9]\d*)$/;

/**
 * Whether a version that has just arrived is older than one that is known. Versions of one resource are numbers that
 * grow with every write, of any length (Kubernetes enhancement 5504). Where one is no number the order is unknown, and what
 * came last counts.
 */
export function isOlder(arrived: string, known: string): boolean {
  if (!NUMBER.test(arrived) || !NUMBER.test(known)) return false;
  return arrived.length === known.length ? arrived < known : arrived.length < known.length;
}
