import { qualifiedName } from '../objects/resource-kind';
import { StatusError, unauthorized } from '../objects/status-error';
import type { ResourceRequest, Verb } from './request-info';

/** As in a Role; `*` stands for all. */
export interface AccessRule {
  readonly verbs: readonly (Verb | '*')[];
  /** `pods`, `pods/status` */
  readonly resources: readonly string[];
  /** Default: all groups. */
  readonly apiGroups?: readonly string[];
  /** Default: all namespaces, as in a ClusterRole. */
  readonly namespace?: string;
  readonly resourceNames?: readonly string[];
}

export interface AccessUser {
  readonly name: string;
  /** Bearer token. */
  readonly token: string;
  readonly rules: readonly AccessRule[];
}

/** Who may do what. Without users everybody may do everything. */
export class AccessControl {
  private readonly users: Map<string, AccessUser>;

  constructor(users: readonly AccessUser[]) {
    this.users = new Map(users.map((user) => [user.name, user]));
  }

  /** @returns the name of the user. @throws StatusError 401 */
  authenticate(authorization: string | undefined): string {
    if (this.users.size === 0) return 'system:anonymous';
    const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
    const user = [...this.users.values()].find((one) => one.token === token);
    if (!user) throw unauthorized();
    return user.name;
  }

  /** @throws StatusError 403 */
  authorize(userName: string, request: ResourceRequest): void {
    const user = this.users.get(userName);
    if (this.users.size === 0 || user?.rules.some((rule) => isCovered(rule, request))) return;
    throw forbidden(userName, request);
  }

  /** Takes effect with the next request. @throws Error where there is no such user */
  setRules(userName: string, rules: readonly AccessRule[]): void {
    this.change(userName, { rules });
  }

  /** The old token is refused from now on. @throws Error where there is no such user */
  setToken(userName: string, token: string): void {
    this.change(userName, { token });
  }

  /** @throws Error where there is no such user */
  tokenOf(userName: string): string {
    return this.known(userName).token;
  }

  private change(userName: string, fields: Partial<AccessUser>): void {
    this.users.set(userName, { ...this.known(userName), ...fields });
  }

  private known(userName: string): AccessUser {
    const user = this.users.get(userName);
    if (!user) throw new Error(`there is no user ${userName}`);
    return user;
  }
}

/** What of a request decides whether it is allowed. */
export type AccessAttributes = Pick<ResourceRequest, 'group' | 'plural' | 'subresource' | 'namespace' | 'name'> & {
  readonly verb: string;
};

export function isCovered(rule: AccessRule, request: AccessAttributes): boolean {
  const { verb, group, namespace, name } = request;
  return (
    holds(rule.verbs, verb) &&
    holds(rule.resources, resourceOf(request)) &&
    (rule.apiGroups === undefined || holds(rule.apiGroups, group)) &&
    (rule.namespace === undefined || rule.namespace === namespace) &&
    (rule.resourceNames === undefined || rule.resourceNames.includes(name))
  );
}

function holds(list: readonly string[], value: string): boolean {
  return list.includes(value) || list.includes('*');
}

function resourceOf({ plural, subresource }: AccessAttributes): string {
  return subresource === '' ? plural : `${plural}/${subresource}`;
}

function forbidden(userName: string, request: ResourceRequest): StatusError {
  const { verb, group, plural, namespace, name } = request;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const what = `User "${userName}" cannot ${verb} resource "${resourceOf(request)}" in API group "${group}" ${where}`;
  return new StatusError({
    code: 403,
    reason: 'Forbidden',
    message: `${qualifiedName(request)}${name === '' ? '' : ` "${name}"`} is forbidden: ${what}`,
    details: { ...(name !== '' && { name }), ...(group !== '' && { group }), kind: plural },
  });
}
