import type { SentObject } from '../objects/kubernetes-object';
import { asSentObject } from '../objects/object-rules';
import { apiVersionOf, type ResourceKind } from '../objects/resource-kind';
import { badRequest } from '../objects/status-error';

/** @throws StatusError 400 where the body is no object of this kind */
export function readObject(body: unknown, resource: ResourceKind): SentObject {
  const sent = asSentObject(body);
  const { kind } = resource;
  if (!sent) throw badRequest(`the object provided is unrecognized (must be of type ${kind})`);
  const isOfKind =
    (sent.kind ?? kind) === kind && (sent.apiVersion ?? apiVersionOf(resource)) === apiVersionOf(resource);
  if (!isOfKind) throw badRequest(`${sent.kind} in version "${sent.apiVersion}" cannot be handled as a ${kind}`);
  return sent;
}

/** @throws StatusError 400 where body and URL name different objects */
export function checkIdentity(
  { metadata = {} }: SentObject,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): void {
  if (metadata.name !== undefined && metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
  if (metadata.namespace !== undefined && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}
