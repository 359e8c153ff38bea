import { apiVersionOf, type ResourceKind, RESOURCE_KINDS } from '../objects/resource-kind';

/** The version whose behaviour is simulated. */
export const KUBERNETES_VERSION = 'v1.20.2';

const OBJECT_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const STATUS_VERBS = ['get', 'patch', 'update'];

const groupVersion = (name: string): object => ({ groupVersion: `${name}/v1`, version: 'v1' });

const group = (name: string): object => ({
  kind: 'APIGroup',
  apiVersion: 'v1',
  name,
  versions: [groupVersion(name)],
  preferredVersion: groupVersion(name),
});

function resourceList(groupName: string): object {
  const kinds = RESOURCE_KINDS.filter((kind) => kind.group === groupName);
  const [first] = kinds;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: first ? apiVersionOf(first) : groupName,
    resources: kinds.flatMap(describe),
  };
}

function describe({ plural, kind, namespaced, shortNames, hasStatus }: ResourceKind): object[] {
  const object = { name: plural, singularName: '', namespaced, kind, verbs: OBJECT_VERBS, shortNames };
  const status = { name: `${plural}/status`, singularName: '', namespaced, kind, verbs: STATUS_VERBS };
  return hasStatus ? [object, status] : [object];
}

const DOCUMENTS: Readonly<Record<string, () => object>> = {
  '/api': () => ({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }),
  '/api/v1': () => resourceList(''),
  '/apis': () => ({ kind: 'APIGroupList', apiVersion: 'v1', groups: [group('coordination.k8s.io')] }),
  '/apis/coordination.k8s.io': () => group('coordination.k8s.io'),
  '/apis/coordination.k8s.io/v1': () => resourceList('coordination.k8s.io'),
  '/version': () => ({
    major: '1',
    minor: '20',
    gitVersion: KUBERNETES_VERSION,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: 'none',
    compiler: 'none',
    platform: 'simulator',
  }),
};

/** What the server says of itself. `undefined` where there is nothing under the path. */
export function discoveryDocument(path: string): object | undefined {
  return Object.hasOwn(DOCUMENTS, path) ? DOCUMENTS[path]?.() : undefined;
}

export function isHealthPath(path: string): boolean {
  return /^\/(healthz|livez|readyz)(\/|$)/.test(path);
}
