import { RESOURCE_KINDS, type ResourceKind } from '../objects/resource-kind';
import { noSuchPath } from '../objects/status-error';

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

/** What a request for a resource asks for: https://kubernetes.io/docs/reference/access-authn-authz/authorization/ */
export interface ResourceRequest {
  readonly verb: Verb;
  readonly group: string;
  /** The plural name as it stands in the path, also where there is no such resource. */
  readonly plural: string;
  /** Empty for all namespaces and for resources outside of namespaces. */
  readonly namespace: string;
  /** Empty where a collection is meant. */
  readonly name: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  readonly query: URLSearchParams;
}

const PATH = /^\/(?:api|apis\/(?<group>[\w.-]+))\/(?<version>v\d[\w]*)\/(?<rest>.+?)\/?$/;

/** `null` for paths that are not about resources. */
export function resourceRequest(method: string, path: string, query: URLSearchParams): ResourceRequest | null {
  const groups = PATH.exec(path)?.groups;
  if (!groups) return null;
  const place = placeOf((groups['rest'] ?? '').split('/').map(decodeURIComponent));
  return { verb: verbOf(method, place.name, query), group: groups['group'] ?? '', ...place, query };
}

type Place = Pick<ResourceRequest, 'namespace' | 'plural' | 'name' | 'subresource'>;

function placeOf(parts: readonly string[]): Place {
  const isInNamespace = parts[0] === 'namespaces' && parts.length > 2;
  const [plural = '', name = '', subresource = ''] = isInNamespace ? parts.slice(2) : parts;
  if (isInNamespace) return { namespace: parts[1] ?? '', plural, name, subresource };
  // The namespace of a namespace is itself, so that rules of one namespace may cover it.
  return { namespace: plural === 'namespaces' ? name : '', plural, name, subresource };
}

const TRUE = new Set(['true', '1']);

function verbOf(method: string, name: string, query: URLSearchParams): Verb {
  switch (method) {
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return 'delete';
    default:
      if (name !== '') return 'get';
      return TRUE.has(query.get('watch') ?? '') ? 'watch' : 'list';
  }
}

/** @throws StatusError 404 where the server has no such resource or subresource */
export function resourceKindOf({ group, plural, subresource, name }: ResourceRequest): ResourceKind {
  const found = RESOURCE_KINDS.find((resource) => resource.plural === plural && resource.group === group);
  const hasSubresource = subresource === '' || (subresource === 'status' && found?.hasStatus && name !== '');
  if (!found || !hasSubresource) throw noSuchPath();
  return found;
}
