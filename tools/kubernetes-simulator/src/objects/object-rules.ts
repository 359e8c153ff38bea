import { isSameJson, type KubernetesObject } from './kubernetes-object';
import { prepareLease } from './lease-rules';
import { preparePod, preparePodStatus, preparePodUpdate, podGraceSeconds } from './pod-rules';
import { LEASES, PODS, type ResourceKind } from './resource-kind';

/** What the API server does to an object of one kind before it stores it. Each may throw StatusError 422. */
export interface ObjectRules {
  create(object: KubernetesObject): KubernetesObject;
  /** @param object already with the identity of the old one */
  update(object: KubernetesObject, old: KubernetesObject): KubernetesObject;
  /** For the subresource `status`. */
  updateStatus(object: KubernetesObject, old: KubernetesObject): KubernetesObject;
  /** How long the object stays with a deletionTimestamp; 0: it goes at once. */
  graceSeconds(object: KubernetesObject, requested: number | undefined): number;
}

const PLAIN: ObjectRules = {
  create: (object) => object,
  update: (object) => object,
  updateStatus: (object, old) => ({ ...old, status: object.status }),
  graceSeconds: () => 0,
};

const RULES = new Map<ResourceKind, ObjectRules>([
  [
    PODS,
    { create: preparePod, update: preparePodUpdate, updateStatus: preparePodStatus, graceSeconds: podGraceSeconds },
  ],
  [LEASES, { ...PLAIN, create: prepareLease, update: prepareLease }],
]);

export function rulesOf(resource: ResourceKind): ObjectRules {
  return RULES.get(resource) ?? PLAIN;
}

/** A write that changes nothing is no write: the revision stays, nothing is sent to watches. */
export function isUnchanged(a: KubernetesObject, b: KubernetesObject): boolean {
  return isSameJson(a, { ...b, metadata: { ...b.metadata, resourceVersion: a.metadata.resourceVersion } });
}
