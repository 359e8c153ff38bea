/** An object of Kubernetes as the chart renders it: what the rules below read of it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec?: Record<string, unknown>;
  readonly data?: Record<string, unknown>;
  readonly stringData?: Record<string, unknown>;
  readonly rules?: readonly Record<string, unknown>[];
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly namespace: string }[];
}

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
}

export type Labels = Readonly<Record<string, string>>;

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: readonly Record<string, { readonly name: string }>[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number; readonly hostPort?: number }[];
  readonly resources?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly securityContext?: SecurityContext;
  readonly volumeMounts?: readonly { readonly name: string }[];
  readonly lifecycle?: { readonly preStop?: { readonly exec?: { readonly command: readonly string[] } } };
  readonly [probe: `${string}Probe`]: Readonly<Record<string, { readonly port?: string | number }>> | undefined;
}

export interface SecurityContext {
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly fsGroup?: number;
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly seccompProfile?: { readonly type: string };
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly ({ readonly name: string } & Readonly<Record<string, unknown>>)[];
  readonly securityContext?: SecurityContext;
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly topologySpreadConstraints?: readonly { readonly labelSelector: { readonly matchLabels: Labels } }[];
}

/** A pod, or the template of one, with the object that makes it. */
export interface PodTemplate {
  readonly owner: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly spec: PodSpec;
}

/** `Deployment smart-router` */
export function nameOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.name}`;
}

/** All pods that the objects make: also those of tests. */
export function podTemplates(objects: readonly KubernetesObject[]): PodTemplate[] {
  return objects.flatMap((object) => {
    const template = object.kind === 'Pod' ? object : (object.spec?.['template'] as KubernetesObject | undefined);
    const spec = template?.spec as PodSpec | undefined;
    if (spec?.containers === undefined) return [];
    const { labels = {}, annotations = {} } = template?.metadata ?? {};
    return [{ owner: nameOf(object), labels, annotations, spec }];
  });
}

export function containersOf({ containers, initContainers = [] }: PodSpec): readonly Container[] {
  return [...initContainers, ...containers];
}

/** @throws Error that lists what there is, where there is none of that name */
export function find(objects: readonly KubernetesObject[], name: string): KubernetesObject {
  const found = objects.find((object) => nameOf(object) === name);
  if (!found) throw new Error(`There is no ${name}, only ${objects.map(nameOf).join(', ')}`);
  return found;
}

/** The pod of an object, such as `Deployment smart-router`. */
export function podOf(objects: readonly KubernetesObject[], owner: string): PodTemplate {
  const [pod] = podTemplates([find(objects, owner)]);
  if (!pod) throw new Error(`${owner} makes no pod`);
  return pod;
}

export function isSubset(part: Labels, whole: Labels): boolean {
  return Object.entries(part).every(([name, value]) => whole[name] === value);
}
