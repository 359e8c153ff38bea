import { isPodName } from '@smart-router/routing-store';
import type { ObservedPod } from '../domain/pod-source';

/** What of a pod's object matters here. */
export type KubernetesPod =
  | {
      readonly kind: 'pod';
      readonly pod: ObservedPod;
      /** Of its object; the incarnation distinguishes the lives of its container, too. */
      readonly uid: string;
      /** Whether it has the container whose restarts are looked for. */
      readonly hasAgent: boolean;
      /** What its annotation says, 0 where it has none, as Kubernetes takes it; `null` where that is no number. */
      readonly deletionCost: number | null;
    }
  /** All its containers have ended, and none will start again: it is as good as gone. */
  | { readonly kind: 'over'; readonly podName: string }
  /** Kubernetes allows names that cannot be names of pods here. */
  | { readonly kind: 'unusable'; readonly podName: string };

/** With it a ReplicaSet that has to end some of its pods chooses those that cost the least, -2^31 to 2^31-1. */
export const POD_DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';

/** As the API describes it; nothing of it can be relied on. */
interface PodObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly deletionTimestamp?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: { readonly nodeName?: string; readonly containers?: readonly ContainerSpec[] };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type?: string; readonly status?: string }[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerSpec {
  readonly name?: string;
  readonly image?: string;
}

interface ContainerStatus {
  readonly name?: string;
  readonly restartCount?: number;
  /** `containerd://` and 64 hexadecimal digits, or the like. */
  readonly containerID?: string;
}

/** As tools of containers show it. */
const CONTAINER_ID_LENGTH = 12;

const OVER = new Set(['Succeeded', 'Failed']);

/**
 * Reads a pod from its object.
 *
 * A pod of phase Succeeded or Failed is over although its object may stay for days, as that of an evicted pod does:
 * the kubelet has ended its containers and starts none of them again, so that no call can be on it. It must not fill a
 * pool in place of a pod that works, and counts as gone.
 *
 * A container that is started anew within its pod has forgotten its calls: that is another life of the pod.
 *
 * @param object with a name and a uid. @param agentContainer the container that has the calls, by default the first one
 * @throws TypeError where it is no object of a pod
 */
export function readKubernetesPod(object: unknown, agentContainer: string | null = null): KubernetesPod {
  const { metadata, spec, status = {} } = object as PodObject;
  const { annotations, deletionTimestamp, name: podName, uid } = metadata;
  if (!isPodName(podName)) return { kind: 'unusable', podName };
  if (OVER.has(status.phase ?? '')) return { kind: 'over', podName };
  const terminating = deletionTimestamp !== undefined;
  const ready = !terminating && isServing(status);
  const incarnation = lifeOf(uid, agentContainer ?? firstContainer(spec), status);
  const pod = { podName, incarnation, ready, terminating, metadata: factsOf(spec, status) };
  const hasAgent = hasContainer(spec, agentContainer);
  return { kind: 'pod', pod, uid, hasAgent, deletionCost: costOf(annotations?.[POD_DELETION_COST]) };
}

/**
 * The pod, how often its container was restarted, and the container itself, as far as they are known. What is not known
 * yet is left out at the end: a name that continues another one means the same life.
 */
function lifeOf(uid: string, agent: string | undefined, { containerStatuses = [] }: NonNullable<PodObject['status']>) {
  const container = agent === undefined ? undefined : containerStatuses.find(({ name }) => name === agent);
  if (!container) return uid;
  const id = container.containerID?.replace(/^.*:\/\//, '').slice(0, CONTAINER_ID_LENGTH);
  return [uid, container.restartCount ?? 0, ...(id ? [id] : [])].join('/');
}

function firstContainer(spec: PodObject['spec']): string | undefined {
  return spec?.containers?.[0]?.name;
}

function hasContainer(spec: PodObject['spec'], agent: string | null): boolean {
  return agent === null || (spec?.containers ?? []).some(({ name }) => name === agent);
}

function costOf(text = '0'): number | null {
  return /^-?\d+$/.test(text) ? Number(text) : null;
}

function isServing({ conditions = [], phase, podIP }: NonNullable<PodObject['status']>): boolean {
  const isReady = conditions.some(({ status, type }) => type === 'Ready' && status === 'True');
  return phase === 'Running' && isReady && podIP !== undefined && podIP !== '';
}

/** What an operator wants to know of the pod, as far as the object says it. */
function factsOf(spec: PodObject['spec'], status: NonNullable<PodObject['status']>): Record<string, string> {
  const { containerStatuses = [], phase, podIP } = status;
  const restarts = containerStatuses.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);
  const facts = {
    ip: podIP,
    node: spec?.nodeName,
    phase,
    image: spec?.containers?.[0]?.image,
    restarts: String(restarts),
  };
  return Object.fromEntries(Object.entries(facts).filter((fact): fact is [string, string] => fact[1] !== undefined));
}
