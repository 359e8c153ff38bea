import {
  isSubset,
  type KubernetesObject,
  type Labels,
  nameOf,
  podTemplates,
  type PodTemplate,
} from './kubernetes-object';

type Fields = Readonly<Record<string, unknown>>;

/** Which objects name another one, or pods, that the release does not have: each as a sentence. */
export function referenceProblems(objects: readonly KubernetesObject[]): string[] {
  const pods = podTemplates(objects);
  return objects.flatMap((object) => {
    const problems = [
      ...selectorProblems(object, pods),
      ...nameProblems(object, objects),
      ...portProblems(object, objects, pods),
    ];
    return problems.map((problem) => `${nameOf(object)} ${problem}`);
  });
}

/** A selector that selects nothing is valid, and never meant. */
function selectorProblems(object: KubernetesObject, pods: readonly PodTemplate[]): string[] {
  const selector = selectorOf(object);
  if (selector === undefined || object.kind === 'ServiceMonitor') return [];
  const own = pods.filter(({ owner }) => owner === nameOf(object));
  const candidates = own.length > 0 ? own : pods;
  return candidates.some(({ labels }) => isSubset(selector, labels)) ? [] : ['selects no pod of the release'];
}

function selectorOf({ kind, spec = {} }: KubernetesObject): Labels | undefined {
  const selector = (kind === 'NetworkPolicy' ? spec['podSelector'] : spec['selector']) as Fields | undefined;
  return (selector?.['matchLabels'] ?? selector) as Labels | undefined;
}

function nameProblems(object: KubernetesObject, objects: readonly KubernetesObject[]): string[] {
  const has = (kind: string, name: string): boolean =>
    objects.some((other) => other.kind === kind && other.metadata.name === name);
  const named = [
    ...(object.roleRef ? [object.roleRef] : []),
    ...(object.subjects ?? []),
    ...(object.kind === 'HorizontalPodAutoscaler'
      ? [object.spec?.['scaleTargetRef'] as { kind: string; name: string }]
      : []),
    ...(object.kind === 'StatefulSet' ? [{ kind: 'Service', name: String(object.spec?.['serviceName']) }] : []),
  ];
  return named
    .filter(({ kind, name }) => !has(kind, name))
    .map(({ kind, name }) => `names ${kind} ${name}, which is not there`);
}

/** Ports of Services, monitors, Ingresses and HTTPRoutes. */
function portProblems(
  object: KubernetesObject,
  objects: readonly KubernetesObject[],
  pods: readonly PodTemplate[],
): string[] {
  const { kind, spec = {} } = object;
  const services = objects.filter((other) => other.kind === 'Service');
  if (kind === 'Service') {
    const [pod] = pods.filter(({ labels }) => isSubset(selectorOf(object) ?? {}, labels));
    const names = (pod?.spec.containers ?? []).flatMap(({ ports = [] }) => ports.map(({ name }) => name));
    return portsOf(object).flatMap(({ targetPort }) =>
      names.includes(String(targetPort)) ? [] : [`leads to ${targetPort}`],
    );
  }
  if (kind === 'ServiceMonitor') {
    const selected = services.filter(({ metadata }) => isSubset(selectorOf(object) ?? {}, metadata.labels ?? {}));
    return selected.length === 1 ? [] : [`selects ${selected.length} Services`];
  }
  return backendsOf(kind, spec)
    .filter(
      ({ name, port }) =>
        !services.some(
          (service) => service.metadata.name === name && portsOf(service).some((one) => one.port === port),
        ),
    )
    .map(({ name, port }) => `leads to ${name}:${port}, which is not there`);
}

function portsOf({ spec = {} }: KubernetesObject): { port: number; targetPort: string }[] {
  return spec['ports'] as { port: number; targetPort: string }[];
}

function backendsOf(kind: string, spec: Fields): { name: string; port: number }[] {
  const rules = (spec['rules'] ?? []) as Fields[];
  if (kind === 'HTTPRoute') return rules.flatMap((rule) => rule['backendRefs'] as { name: string; port: number }[]);
  if (kind !== 'Ingress') return [];
  const paths = rules.flatMap((rule) => (rule['http'] as { paths: { backend: { service: Fields } }[] }).paths);
  return paths.map(({ backend: { service } }) => ({
    name: String(service['name']),
    port: (service['port'] as { number: number }).number,
  }));
}
