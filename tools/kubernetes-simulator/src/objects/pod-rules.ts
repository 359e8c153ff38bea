import { type Fields, isFields, isSameJson, type KubernetesObject, type Pod, without } from './kubernetes-object';
import { PODS } from './resource-kind';
import { type FieldProblem, invalid } from './status-error';

const DEFAULT_GRACE_SECONDS = 30;

const SPEC_DEFAULTS: Fields = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: DEFAULT_GRACE_SECONDS,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
  enableServiceLinks: true,
  priority: 0,
  preemptionPolicy: 'PreemptLowerPriority',
  tolerations: ['not-ready', 'unreachable'].map((taint) => ({
    key: `node.kubernetes.io/${taint}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 300,
  })),
};

const CONTAINER_DEFAULTS: Fields = {
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
};

/** A new pod: defaults filled in, nothing started. @throws StatusError 422 */
export function preparePod(pod: KubernetesObject): KubernetesObject {
  const problems = containerProblems(pod.spec?.['containers']);
  if (problems.length > 0) throw invalid(PODS, pod.metadata.name, problems);
  return { ...pod, spec: withDefaults(pod.spec), status: { phase: 'Pending', qosClass: 'BestEffort' } };
}

function withDefaults(spec: Fields = {}): Fields {
  return { ...SPEC_DEFAULTS, ...spec, containers: containersOf(spec).map(withContainerDefaults) };
}

function withContainerDefaults(container: Fields): Fields {
  const image = String(container['image']);
  const isLatest = !/:[^/]+$/.test(image) || image.endsWith(':latest');
  return { ...CONTAINER_DEFAULTS, imagePullPolicy: isLatest ? 'Always' : 'IfNotPresent', ...container };
}

function containersOf(spec: Fields): readonly Fields[] {
  return Array.isArray(spec['containers']) ? spec['containers'].filter(isFields) : [];
}

function containerProblems(containers: unknown): FieldProblem[] {
  const required = (field: string): FieldProblem => ({
    field,
    reason: 'FieldValueRequired',
    message: 'Required value',
  });
  if (!Array.isArray(containers) || containers.length === 0) return [required('spec.containers')];
  return containers.flatMap((container: unknown, index) =>
    ['name', 'image']
      .filter((name) => !isFields(container) || typeof container[name] !== 'string' || container[name] === '')
      .map((name) => required(`spec.containers[${index}].${name}`)),
  );
}

const MUTABLE =
  'pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, ' +
  '`spec.activeDeadlineSeconds` or `spec.tolerations` (only additions to existing tolerations)';

/** The status stays as it was; of the spec next to nothing may change. @throws StatusError 422 */
export function preparePodUpdate(pod: KubernetesObject, old: KubernetesObject): KubernetesObject {
  const spec = withDefaults(pod.spec);
  if (isSameJson(comparable(spec), comparable(old.spec ?? {}))) return { ...pod, spec, status: old.status };
  throw invalid(PODS, pod.metadata.name, [
    { field: 'spec', reason: 'FieldValueForbidden', message: `Forbidden: ${MUTABLE}` },
  ]);
}

function comparable(spec: Fields): Fields {
  const rest = without(spec, 'activeDeadlineSeconds', 'tolerations');
  return { ...rest, containers: containersOf(spec).map((container) => without(container, 'image')) };
}

/** The spec stays as it was. */
export function preparePodStatus(pod: KubernetesObject, old: KubernetesObject): KubernetesObject {
  const metadata = { ...pod.metadata, deletionTimestamp: old.metadata.deletionTimestamp };
  const conditions = pod.status?.['conditions'];
  const status = Array.isArray(conditions) ? { ...pod.status, conditions: conditions.map(withTimes) } : pod.status;
  return { ...old, metadata, status };
}

/** Times of a condition are there even where nobody wrote them. */
function withTimes(condition: unknown): unknown {
  return isFields(condition) ? { lastProbeTime: null, lastTransitionTime: null, ...condition } : condition;
}

/** A pod that was never bound to a node, or has ended, has nothing to wait for. */
export function podGraceSeconds(object: KubernetesObject, requested: number | undefined): number {
  const { spec, status } = object as Pod;
  const hasEnded = status.phase === 'Succeeded' || status.phase === 'Failed';
  if (hasEnded || spec.nodeName === undefined || spec.nodeName === '') return 0;
  return requested ?? spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
}
