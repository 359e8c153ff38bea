import { isUnchanged, rulesOf } from '../objects/object-rules';
import { type KubernetesObject, type ObjectMeta, type SentObject, without } from '../objects/kubernetes-object';
import { applyMergePatch, checkPatchType } from '../objects/merge-patch';
import { apiVersionOf, NAMESPACES, type ResourceKind } from '../objects/resource-kind';
import { alreadyExists, conflict, invalid, notFound, type StatusError, unforeseen } from '../objects/status-error';
import type { RevisionStore } from '../storage/revision-store';
import { checkNames } from '../objects/name-rules';
import type { ResourceRequest } from './request-info';
import { readObject } from './sent-object';

/** Where new objects get from what is different each time. */
export interface WriterEnvironment {
  now(): Date;
  newUid(): string;
}

export interface Written {
  readonly object: KubernetesObject;
  readonly isNew: boolean;
}

/** RFC 3339 in whole seconds, as timestamps of metadata are. */
export function timestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** Create, update and patch. */
export class ObjectWriter {
  constructor(
    private readonly store: RevisionStore,
    private readonly environment: WriterEnvironment,
  ) {}

  /** @throws StatusError 400, 404 for a namespace that is not there, 409, 422 */
  create(resource: ResourceKind, request: ResourceRequest, body: unknown): KubernetesObject {
    const namespace = namespaceOf(resource, request);
    const sent = readObject(body, resource, { namespace });
    const { name = '', labels, resourceVersion } = sent.metadata ?? {};
    checkNames(resource, name, { labels });
    if (namespace !== '' && !this.store.get(NAMESPACES, '', namespace)) throw notFound(NAMESPACES, namespace);
    const object = rulesOf(resource).create(this.newObject(resource, sent, { namespace, name }));
    if (this.store.get(resource, namespace, name)) throw alreadyExists(resource, name);
    if (resourceVersion) throw unforeseen('resourceVersion should not be set on objects to be created');
    return this.store.put(resource, object);
  }

  /** @throws StatusError 400, 404, 409, 422 */
  update(resource: ResourceKind, request: ResourceRequest, body: unknown): Written {
    const { name } = request;
    const namespace = namespaceOf(resource, request);
    const sent = readObject(body, resource, { namespace, name });
    const old = this.store.get(resource, namespace, name);
    if (old) return { object: this.replace(resource, request, old, sent), isNew: false };
    if (!resource.createsOnUpdate) throw notFound(resource, name);
    if (sent.metadata?.uid) throw uidConflict(resource, { name, namespace, uid: '' }, sent.metadata.uid);
    const metadata = without(sent.metadata ?? {}, 'resourceVersion');
    return { object: this.create(resource, request, { ...sent, metadata: { ...metadata, name } }), isNew: true };
  }

  /** @throws StatusError 400, 404, 409, 415, 422 */
  patch(resource: ResourceKind, request: ResourceRequest, body: unknown, contentType: string): KubernetesObject {
    const { name } = request;
    const namespace = namespaceOf(resource, request);
    const old = this.store.get(resource, namespace, name);
    if (!old) throw notFound(resource, name);
    checkPatchType(contentType);
    const sent = readObject(applyMergePatch(old, body), resource, { namespace, name });
    if (namesAnotherUid(sent.metadata ?? {}, old)) throw uidIsImmutable(resource, name, sent.metadata?.uid);
    return this.replace(resource, request, old, sent);
  }

  private replace(
    resource: ResourceKind,
    request: ResourceRequest,
    old: KubernetesObject,
    sent: SentObject,
  ): KubernetesObject {
    this.checkVersion(resource, old, sent.metadata ?? {});
    const rules = rulesOf(resource);
    const object = { ...sent, ...header(resource), metadata: keptMetadata(sent.metadata ?? {}, old.metadata) };
    const changed = request.subresource === 'status' ? rules.updateStatus(object, old) : rules.update(object, old);
    return isUnchanged(old, changed) ? old : this.store.put(resource, changed);
  }

  private checkVersion(resource: ResourceKind, old: KubernetesObject, sent: Partial<ObjectMeta>): void {
    const { name, resourceVersion } = old.metadata;
    if (namesAnotherUid(sent, old)) throw uidConflict(resource, old.metadata, sent.uid ?? '');
    if (sent.resourceVersion === undefined || sent.resourceVersion === '') {
      if (!resource.allowsBlindUpdate) throw versionRequired(resource, name);
    } else if (sent.resourceVersion !== resourceVersion) throw conflict(resource, name);
  }

  private newObject(
    resource: ResourceKind,
    sent: SentObject,
    { namespace, name }: { readonly namespace: string; readonly name: string },
  ): KubernetesObject {
    const metadata = without(sent.metadata ?? {}, 'deletionTimestamp', 'deletionGracePeriodSeconds');
    return {
      ...sent,
      ...header(resource),
      metadata: {
        ...metadata,
        name,
        ...(namespace !== '' && { namespace }),
        uid: this.environment.newUid(),
        resourceVersion: '',
        creationTimestamp: timestamp(this.environment.now()),
      },
    };
  }
}

function namespaceOf({ namespaced }: ResourceKind, { namespace }: ResourceRequest): string {
  return namespaced ? namespace : '';
}

function header(resource: ResourceKind): { kind: string; apiVersion: string } {
  return { kind: resource.kind, apiVersion: apiVersionOf(resource) };
}

/** Identity and deletion are the server's, whatever is sent. */
function keptMetadata(sent: Partial<ObjectMeta>, old: ObjectMeta): ObjectMeta {
  const { name, namespace, uid, creationTimestamp, resourceVersion, deletionTimestamp, generation } = old;
  const { deletionGracePeriodSeconds } = old;
  const kept = { name, namespace, uid, creationTimestamp, resourceVersion };
  return { ...sent, ...kept, deletionTimestamp, deletionGracePeriodSeconds, generation };
}

function versionRequired(resource: ResourceKind, name: string): StatusError {
  const message = 'Invalid value: 0x0: must be specified for an update';
  // In this one case the server names the resource and not the kind.
  const subject = { kind: resource.plural, group: resource.group };
  return invalid(subject, name, [{ field: 'metadata.resourceVersion', reason: 'FieldValueInvalid', message }]);
}

function namesAnotherUid({ uid = '' }: Partial<ObjectMeta>, old: KubernetesObject): boolean {
  return uid !== '' && uid !== old.metadata.uid;
}

/** An update takes the uid for a precondition, a patch for a field that it may not change. */
function uidIsImmutable(resource: ResourceKind, name: string, wanted = ''): StatusError {
  const message = `Invalid value: ${JSON.stringify(wanted)}: field is immutable`;
  return invalid(resource, name, [{ field: 'metadata.uid', reason: 'FieldValueInvalid', message }]);
}

/** @param object its uid is empty where there is no object */
function uidConflict(
  resource: ResourceKind,
  object: Pick<ObjectMeta, 'name' | 'namespace' | 'uid'>,
  wanted: string,
): StatusError {
  const { name, namespace, uid } = object;
  const key = `/registry/${resource.plural}/${namespace === undefined ? '' : `${namespace}/`}${name}`;
  const why = `Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${uid}`;
  const details = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`;
  return conflict(resource, name, details);
}
