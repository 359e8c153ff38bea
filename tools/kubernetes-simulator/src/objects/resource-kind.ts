/** A kind of object that the simulator stores, and how the real API server treats it. All are of version `v1`. */
export interface ResourceKind {
  /** As in URLs and in RBAC rules. */
  readonly plural: string;
  readonly kind: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly namespaced: boolean;
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
  kind: 'Pod',
  group: '',
  namespaced: true,
  hasStatus: true,
  createsOnUpdate: false,
  allowsBlindUpdate: true,
  returnsDeleted: true,
};

/** A test has a namespace of its own, which stays until the server ends. */
export const NAMESPACES: ResourceKind = {
  plural: 'namespaces',
  kind: 'Namespace',
  group: '',
  namespaced: false,
  hasStatus: false,
  createsOnUpdate: false,
  allowsBlindUpdate: true,
  returnsDeleted: true,
};

export const LEASES: ResourceKind = {
  plural: 'leases',
  kind: 'Lease',
  group: 'coordination.k8s.io',
  namespaced: true,
  hasStatus: false,
  createsOnUpdate: true,
  allowsBlindUpdate: false,
  returnsDeleted: false,
};

export const RESOURCE_KINDS: readonly ResourceKind[] = [PODS, NAMESPACES, LEASES];

/** `pods`, `leases.coordination.k8s.io`: how the server names a resource in messages. */
export function qualifiedName({ plural, group }: Pick<ResourceKind, 'plural' | 'group'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** `v1`, `coordination.k8s.io/v1`. */
export function apiVersionOf({ group }: ResourceKind): string {
  return group === '' ? 'v1' : `${group}/v1`;
}
