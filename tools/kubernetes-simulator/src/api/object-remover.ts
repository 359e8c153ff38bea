import type { KubernetesObject } from '../objects/kubernetes-object';
import { rulesOf } from '../objects/object-rules';
import { isFields } from '../objects/kubernetes-object';
import { NAMESPACES, PODS, type ResourceKind, RESOURCE_KINDS } from '../objects/resource-kind';
import { conflict, notFound } from '../objects/status-error';
import type { RevisionStore } from '../storage/revision-store';
import { timestamp } from './object-writer';
import type { ResourceRequest } from './request-info';

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export interface Removal {
  readonly object: KubernetesObject;
  /** `false`: it stays, with a deletionTimestamp, until its grace period or its finalizers have ended. */
  readonly isGone: boolean;
}

/** DELETE, with grace periods and finalizers. */
export class ObjectRemover {
  constructor(
    private readonly store: RevisionStore,
    private readonly now: () => Date,
  ) {}

  /** @throws StatusError 404, 409 */
  remove(resource: ResourceKind, request: ResourceRequest, options: DeleteOptions): Removal {
    const namespace = resource.namespaced ? request.namespace : '';
    const object = this.store.get(resource, namespace, request.name);
    if (!object) throw notFound(resource, request.name);
    checkPreconditions(resource, object, options);
    const graceSeconds = rulesOf(resource).graceSeconds(object, options.gracePeriodSeconds);
    if (request.query.has('dryRun')) return { object, isGone: graceSeconds === 0 };
    const isHeld = (object.metadata.finalizers ?? []).length > 0;
    if (graceSeconds === 0 && !isHeld)
      return { object: this.finish(resource, this.marked(resource, object)), isGone: true };
    return { object: this.mark(resource, object, graceSeconds, options), isGone: false };
  }

  /** Removes it now, as the kubelet does when the containers have ended. */
  finish(resource: ResourceKind, object: KubernetesObject): KubernetesObject {
    if (resource === NAMESPACES) this.empty(object.metadata.name);
    return this.store.delete(resource, object);
  }

  /** A pod is marked even where it goes at once; watches see both. */
  private marked(resource: ResourceKind, object: KubernetesObject): KubernetesObject {
    return resource === PODS ? this.mark(resource, object, 0, { gracePeriodSeconds: 0 }) : object;
  }

  /** A second deletion can only shorten the first. */
  private mark(
    resource: ResourceKind,
    object: KubernetesObject,
    graceSeconds: number,
    { gracePeriodSeconds }: DeleteOptions,
  ): KubernetesObject {
    const { metadata } = object;
    const isMarked = metadata.deletionTimestamp !== undefined;
    if (isMarked && (gracePeriodSeconds === undefined || graceSeconds >= (metadata.deletionGracePeriodSeconds ?? 0))) {
      return object;
    }
    const deletionTimestamp = timestamp(new Date(this.now().getTime() + graceSeconds * 1000));
    const marked = { ...metadata, deletionTimestamp, deletionGracePeriodSeconds: graceSeconds };
    return this.store.put(resource, { ...object, metadata: marked });
  }

  private empty(namespace: string): void {
    for (const resource of RESOURCE_KINDS.filter((one) => one.namespaced)) {
      for (const object of this.store.list(resource, namespace)) this.store.delete(resource, object);
    }
  }
}

function checkPreconditions(resource: ResourceKind, { metadata }: KubernetesObject, options: DeleteOptions): void {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const check = (what: string, wanted: string | undefined, found: string): void => {
    if (wanted === undefined || wanted === found) return;
    const why = `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${found})`;
    // In this one case the server names the kind and not the resource.
    const subject = { ...resource, plural: resource.kind };
    throw conflict(subject, metadata.name, `${why}. The object might have been ${EXPLANATIONS[what]}`);
  };
  check('UID', uid, metadata.uid);
  check('ResourceVersion', resourceVersion, metadata.resourceVersion);
}

const EXPLANATIONS: Readonly<Record<string, string>> = {
  UID: 'deleted and then recreated',
  ResourceVersion: 'modified',
};

/** From the body, or, without one, from the query. */
export function deleteOptionsOf(body: unknown, query: URLSearchParams): DeleteOptions {
  const options: DeleteOptions = isFields(body) ? body : {};
  const seconds = query.get('gracePeriodSeconds');
  return seconds === null ? options : { ...options, gracePeriodSeconds: Number(seconds) };
}
