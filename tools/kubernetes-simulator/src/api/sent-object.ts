import { isFields, type SentObject } from '../objects/kubernetes-object';
import { apiVersionOf, type ResourceKind } from '../objects/resource-kind';
import { badRequest } from '../objects/status-error';

/** What the URL names. */
export interface Identity {
  readonly namespace: string;
  /** Of a new object only the body names it. */
  readonly name?: string;
}

/** @throws StatusError 400 where the body is no object of this kind, or names another one than the URL */
export function readObject(body: unknown, resource: ResourceKind, identity: Identity): SentObject {
  const { kind } = resource;
  if (!isSentObject(body)) throw badRequest(`the object provided is unrecognized (must be of type ${kind})`);
  const { apiVersion = apiVersionOf(resource), kind: sentKind = kind } = body;
  if (sentKind !== kind || apiVersion !== apiVersionOf(resource)) {
    throw badRequest(`${sentKind} in version "${apiVersion.split('/').pop()}" cannot be handled as a ${kind}`);
  }
  checkIdentity(body, identity);
  return body;
}

function isSentObject(value: unknown): value is SentObject {
  return isFields(value) && (value['metadata'] === undefined || isFields(value['metadata']));
}

function checkIdentity({ metadata = {} }: SentObject, { namespace, name }: Identity): void {
  if (name !== undefined && metadata.name !== undefined && metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
  if (metadata.namespace !== undefined && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}
