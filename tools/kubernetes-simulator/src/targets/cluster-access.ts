import { waitFor } from '@smart-router/testbed';
import { type AccessAttributes, type AccessRule, isCovered } from '../api/access';
import { isStatus, type KubernetesApi } from './kubernetes-api';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const NAME_PREFIX = 'test-user-';

/** What users of a real server may do: roles and bindings, one of each for a user and a namespace. */
export class ClusterAccess {
  private readonly rules = new Map<string, readonly AccessRule[]>();

  constructor(private readonly api: KubernetesApi) {}

  /** Resolves when the server decides by the new rules. */
  async setRules(user: string, rules: readonly AccessRule[]): Promise<void> {
    const old = this.rules.get(user) ?? [];
    this.rules.set(user, rules);
    for (const namespace of new Set([...old, ...rules].map((rule) => rule.namespace ?? ''))) {
      await this.replace(
        user,
        namespace,
        rules.filter((rule) => (rule.namespace ?? '') === namespace),
      );
    }
    for (const rule of [...old, ...rules]) await this.untilDecided(user, rule, rules);
  }

  private async replace(user: string, namespace: string, rules: readonly AccessRule[]): Promise<void> {
    const folder = namespace === '' ? RBAC : `${RBAC}/namespaces/${namespace}`;
    const [roles, bindings, kind] =
      namespace === '' ? ['clusterroles', 'clusterrolebindings', 'ClusterRole'] : ['roles', 'rolebindings', 'Role'];
    const name = `${NAME_PREFIX}${user}`;
    await this.remove(`${folder}/${bindings}/${name}`);
    await this.remove(`${folder}/${roles}/${name}`);
    if (rules.length === 0) return;
    await this.api.request('POST', `${folder}/${roles}`, { metadata: { name }, rules: rules.map(toPolicyRule) });
    await this.api.request('POST', `${folder}/${bindings}`, {
      metadata: { name },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: user }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
    });
  }

  private async remove(path: string): Promise<void> {
    try {
      await this.api.request('DELETE', path);
    } catch (error) {
      if (!isStatus(error, 404)) throw error;
    }
  }

  /** The server gets its own rules by a watch, so a moment later. */
  private async untilDecided(user: string, rule: AccessRule, rules: readonly AccessRule[]): Promise<void> {
    const attributes = exampleOf(rule);
    const expected = rules.some((one) => isCovered(one, attributes));
    const { plural: resource, ...others } = attributes;
    const spec = { user, resourceAttributes: { ...others, resource } };
    await waitFor(async () => (await this.isAllowed(spec)) === expected, {
      timeoutMs: 20_000,
      description: `${user} to be ${expected ? 'allowed' : 'refused'} ${attributes.verb} ${resource}`,
    });
  }

  private async isAllowed(spec: object): Promise<boolean> {
    const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
    return (await this.api.request<{ status: { allowed: boolean } }>('POST', path, { spec })).status.allowed;
  }
}

/** A request that the rule allows. */
function exampleOf({ verbs, resources, apiGroups, namespace, resourceNames }: AccessRule): AccessAttributes {
  const first = (list: readonly string[] | undefined): string => list?.[0] ?? '';
  const [plural = '', subresource = ''] = first(resources).split('/');
  const group = first(apiGroups);
  return {
    verb: first(verbs),
    group,
    plural,
    subresource,
    namespace: namespace ?? 'default',
    name: first(resourceNames),
  };
}

function toPolicyRule({ verbs, resources, apiGroups = ['*'], resourceNames }: AccessRule): object {
  return { verbs, resources, apiGroups, resourceNames };
}
