import { containersOf, type KubernetesObject, type Labels, nameOf, podTemplates } from './kubernetes-object';

const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const LABEL_NAME = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/;
const QUANTITY = /^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/;
const VARIABLE = /^[A-Z_][A-Z0-9_]*$/;

/** What the types of Kubernetes do not say: each broken rule as a sentence that names the object. */
export function objectProblems(objects: readonly KubernetesObject[]): string[] {
  return [...duplicates(objects.map(keyOf)), ...objects.flatMap(problemsOf), ...podProblems(objects)];
}

const keyOf = (object: KubernetesObject): string => `${object.metadata.namespace} ${nameOf(object)}`;

function duplicates(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} is there twice`);
}

function problemsOf(object: KubernetesObject): string[] {
  const { metadata, data, stringData } = object;
  const problems = [
    ...(NAME.test(metadata.name) ? [] : ['has no valid name']),
    ...(NAME.test(metadata.namespace ?? '') ? [] : ['names no namespace']),
    ...labelProblems(metadata.labels ?? {}),
    ...textProblems(metadata.annotations ?? {}, 'annotation'),
    ...textProblems(data ?? {}, 'data'),
    ...textProblems(stringData ?? {}, 'stringData'),
  ];
  return problems.map((problem) => `${nameOf(object)} ${problem}`);
}

function labelProblems(labels: Labels): string[] {
  return Object.entries(labels)
    .filter(([name, value]) => !LABEL_NAME.test(name) || typeof value !== 'string' || !LABEL_VALUE.test(value))
    .map(([name, value]) => `has the label ${name}: ${JSON.stringify(value)}`);
}

function textProblems(texts: Readonly<Record<string, unknown>>, what: string): string[] {
  return Object.entries(texts)
    .filter(([, value]) => typeof value !== 'string')
    .map(([name, value]) => `has ${JSON.stringify(value)} as ${what} ${name}, which is no text`);
}

function podProblems(objects: readonly KubernetesObject[]): string[] {
  return podTemplates(objects).flatMap(({ owner, labels, spec }) => {
    const volumes = (spec.volumes ?? []).map(({ name }) => name);
    const inContainers = containersOf(spec).flatMap((container) => {
      const { env = [], ports = [], volumeMounts = [], resources = {} } = container;
      const portNames = ports.map(({ name }) => name);
      const probed = Object.entries(container)
        .filter(([key]) => key.endsWith('Probe'))
        .flatMap(([, probe]) => Object.values(probe as Record<string, unknown>))
        .flatMap((action) => (typeof action === 'object' ? [(action as { port?: string }).port] : []));
      return [
        ...duplicates(env.map(({ name }) => name)),
        ...env.filter(({ name }) => !VARIABLE.test(name)).map(({ name }) => `has the variable ${name}`),
        ...env.filter(({ value = '' }) => typeof value !== 'string').map(({ name }) => `has no text as ${name}`),
        ...volumeMounts
          .filter(({ name }) => !volumes.includes(name))
          .map(({ name }) => `mounts ${name}, which is no volume`),
        ...probed.filter((port) => !portNames.includes(port)).map((port) => `probes ${port}, which is no port`),
        ...Object.values(resources)
          .flatMap((each) => Object.entries(each))
          .filter(([, quantity]) => !QUANTITY.test(String(quantity)))
          .map(([name, quantity]) => `has ${String(quantity)} of ${name}`),
      ];
    });
    return [...labelProblems(labels), ...duplicates(volumes), ...inContainers].map((problem) => `${owner} ${problem}`);
  });
}
