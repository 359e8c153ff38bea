/** What the Kubernetes documentation calls a request verb; RBAC rules are written in these words. */
export type ApiVerb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

/** A kind of namespaced object, as RBAC rules and paths name it. */
export interface ApiResource {
  /** `''` for the core group. */
  readonly group: string;
  readonly version: string;
  /** Lower case, such as `pods`. */
  readonly plural: string;
}

export const PODS: ApiResource = { group: '', version: 'v1', plural: 'pods' };
export const LEASES: ApiResource = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' };

/** One request to the API: what is to be done with which object. */
export interface ApiCall {
  readonly verb: ApiVerb;
  readonly resource: ApiResource;
  readonly namespace: string;
  /** Of the object; absent where the call is about all of them, or creates one. */
  readonly name?: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Of the body; needed for patches, which come in several kinds. */
  readonly contentType?: string;
}

const METHODS: Readonly<Record<ApiVerb, string>> = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
};

export function methodOf({ verb }: ApiCall): string {
  return METHODS[verb];
}

/** Path and query, below the address of the server. */
export function pathOf({ name, namespace, query, resource }: ApiCall): string {
  const root = resource.group === '' ? '/api' : `/apis/${resource.group}`;
  const collection = `${root}/${resource.version}/namespaces/${encodeURIComponent(namespace)}/${resource.plural}`;
  const path = name === undefined ? collection : `${collection}/${encodeURIComponent(name)}`;
  return query ? `${path}?${new URLSearchParams(query)}` : path;
}
