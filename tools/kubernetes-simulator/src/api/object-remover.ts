import type { KubernetesObject } from '../objects/kubernetes-object';
import { rulesOf } from '../objects/object-rules';
import { PODS, type ResourceKind } from '../objects/resource-kind';
import { conflict, notFound } from '../objects/status-error';
import type { RevisionStore } from '../storage/revision-store';
import { timestamp } from './object-writer';
import type { ResourceRequest } from './request-info';

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string };
}

export interface Removal {
  readonly object: KubernetesObject;
  /** `false`: it stays, with a deletionTimestamp, until its grace period has ended. */
  readonly isGone: boolean;
}

/** DELETE, with grace periods. */
export class ObjectRemover {
  constructor(
    private readonly store: RevisionStore,
    private readonly now: () => Date,
  ) {}

  /** @throws StatusError 404, 409 */
  remove(resource: ResourceKind, { namespace, name }: ResourceRequest, options: DeleteOptions): Removal {
    const object = this.store.get(resource, resource.namespaced ? namespace : '', name);
    if (!object) throw notFound(resource, name);
    checkUid(resource, object, options.preconditions?.uid);
    const graceSeconds = rulesOf(resource).graceSeconds(object, options.gracePeriodSeconds);
    if (graceSeconds > 0) return { object: this.mark(resource, object, graceSeconds, options), isGone: false };
    // A pod is marked even where it goes at once; watches see both.
    const last = resource === PODS ? this.mark(resource, object, 0, { gracePeriodSeconds: 0 }) : object;
    return { object: this.finish(resource, last), isGone: true };
  }

  /** Removes it now, as the kubelet does when the containers have ended. */
  finish(resource: ResourceKind, object: KubernetesObject): KubernetesObject {
    return this.store.delete(resource, object);
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
}

function checkUid(resource: ResourceKind, { metadata }: KubernetesObject, wanted = metadata.uid): void {
  if (wanted === metadata.uid) return;
  const why = `the UID in the precondition (${wanted}) does not match the UID in record (${metadata.uid})`;
  // In this one case the server names the kind and not the resource.
  const subject = { ...resource, plural: resource.kind };
  throw conflict(subject, metadata.name, `${why}. The object might have been deleted and then recreated`);
}

/** The object where it stays or where the kind says so, else a Status of success. */
export function answerDelete(resource: ResourceKind, { object, isGone }: Removal): object {
  if (resource.returnsDeleted || !isGone) return object;
  const { name, uid } = object.metadata;
  const details = { name, ...(resource.group !== '' && { group: resource.group }), kind: resource.plural, uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}
