import { apiVersionOf, type ResourceKind, RESOURCE_KINDS } from '../objects/resource-kind';

/** `api/v1`, `apis/coordination.k8s.io/v1`. */
function rootOf(resource: ResourceKind): string {
  return `${resource.group === '' ? 'api' : 'apis'}/${apiVersionOf(resource)}`;
}

const FIELD_VALIDATION = { name: 'fieldValidation', in: 'query', schema: { type: 'string' } };

/** Says that the server checks fields itself, so that kubectl leaves it to the server. */
function patchOperation({ group, version, kind }: ResourceKind): object {
  return {
    patch: {
      parameters: [FIELD_VALIDATION],
      responses: { 200: { description: 'OK' } },
      'x-kubernetes-action': 'patch',
      'x-kubernetes-group-version-kind': { group, version, kind },
    },
  };
}

function pathOf(resource: ResourceKind): string {
  return `/${rootOf(resource)}${resource.namespaced ? '/namespaces/{namespace}' : ''}/${resource.plural}/{name}`;
}

/** As much of OpenAPI v3 as kubectl reads before it writes. `undefined` where there is nothing under the path. */
export function openApiDocument(path: string): object | undefined {
  const roots = [...new Set(RESOURCE_KINDS.map(rootOf))];
  if (path === '/openapi/v3') {
    return { paths: Object.fromEntries(roots.map((root) => [root, { serverRelativeURL: `/openapi/v3/${root}` }])) };
  }
  const root = roots.find((one) => path === `/openapi/v3/${one}`);
  if (root === undefined) return undefined;
  const kinds = RESOURCE_KINDS.filter((resource) => rootOf(resource) === root);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes simulator', version: 'v1' },
    paths: Object.fromEntries(kinds.map((resource) => [pathOf(resource), patchOperation(resource)])),
    components: { schemas: {} },
  };
}
