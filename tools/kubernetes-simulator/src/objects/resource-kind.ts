/** A kind of object that the simulator stores, and how the real API server treats it. */
export interface ResourceKind {
  /** As in URLs and in RBAC rules. */
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly hasStatus: boolean;
  /** PUT of an object that does not exist creates it. */
  readonly createsOnUpdate: boolean;
  /** PUT without resourceVersion overwrites whatever is there. */
  readonly allowsBlindUpdate: boolean;
  /** DELETE answers with the object instead of a Status. */
  readonly returnsDeleted: boolean;
}

export const PODS: ResourceKind = {
  plural: 'pods',
  singular: 'pod',
  kind: 'Pod',
  group: '',
  version: 'v1',
  namespaced: true,
  shortNames: ['po'],
  hasStatus: true,
  createsOnUpdate: false,
  allowsBlindUpdate: true,
  returnsDeleted: true,
};

export const NAMESPACES: ResourceKind = {
  plural: 'namespaces',
  singular: 'namespace',
  kind: 'Namespace',
  group: '',
  version: 'v1',
  namespaced: false,
  shortNames: ['ns'],
  hasStatus: true,
  createsOnUpdate: false,
  allowsBlindUpdate: true,
  returnsDeleted: true,
};

/** `kubectl describe` asks for them. */
export const EVENTS: ResourceKind = {
  plural: 'events',
  singular: 'event',
  kind: 'Event',
  group: '',
  version: 'v1',
  namespaced: true,
  shortNames: ['ev'],
  hasStatus: false,
  createsOnUpdate: true,
  allowsBlindUpdate: true,
  returnsDeleted: false,
};

export const LEASES: ResourceKind = {
  plural: 'leases',
  singular: 'lease',
  kind: 'Lease',
  group: 'coordination.k8s.io',
  version: 'v1',
  namespaced: true,
  shortNames: [],
  hasStatus: false,
  createsOnUpdate: true,
  allowsBlindUpdate: false,
  returnsDeleted: false,
};

export const RESOURCE_KINDS: readonly ResourceKind[] = [PODS, NAMESPACES, EVENTS, LEASES];

/** `pods`, `leases.coordination.k8s.io`: how the server names a resource in messages. */
export function qualifiedName({ plural, group }: ResourceKind): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** `v1`, `coordination.k8s.io/v1`. */
export function apiVersionOf({ group, version }: ResourceKind): string {
  return group === '' ? version : `${group}/${version}`;
}
