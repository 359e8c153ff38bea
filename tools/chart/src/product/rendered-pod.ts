import { type KubernetesObject, podOf } from '../rendering/kubernetes-object';

type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

/** A rule of a Role with the namespace of the Role. */
export interface PermissionRule {
  readonly verbs: readonly Verb[];
  readonly resources: readonly string[];
  readonly apiGroups: readonly string[];
  readonly namespace: string;
  readonly resourceNames?: readonly string[];
}

/** All that the roles of a release permit. */
export function rulesOf(objects: readonly KubernetesObject[]): PermissionRule[] {
  const roles = objects.filter(({ kind }) => kind === 'Role');
  return roles.flatMap(({ rules = [], metadata: { namespace = '' } }) =>
    rules.map((rule) => ({ ...(rule as unknown as PermissionRule), namespace })),
  );
}

/**
 * The variables that Kubernetes gives to the first container of an object.
 *
 * @param sources ConfigMaps and Secrets by name
 * @throws Error where one is named that is not there: the container would not start
 */
export function environmentOf(
  owner: KubernetesObject,
  sources: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Record<string, string> {
  const [container] = podOf([owner], `${owner.kind} ${owner.metadata.name}`).spec.containers;
  const whole = (container?.envFrom ?? []).map((from) => {
    const name = Object.values(from)[0]?.name ?? '';
    const source = sources[name];
    if (!source) throw new Error(`There is no ${name}`);
    return source;
  });
  const single = (container?.env ?? []).map(({ name, value = '' }) => [name, value] as const);
  return Object.assign({}, ...whole, Object.fromEntries(single)) as Record<string, string>;
}
