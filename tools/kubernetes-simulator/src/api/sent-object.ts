import type { SentObject } from '../objects/kubernetes-object';
import { asSentObject } from '../objects/object-rules';
import { apiVersionOf, type ResourceKind } from '../objects/resource-kind';
import { unknownFields } from '../objects/unknown-fields';
import { badRequest } from '../objects/status-error';

/** @throws StatusError 400 where the body is no object of this kind */
export function readObject(body: unknown, resource: ResourceKind): SentObject {
  const sent = asSentObject(body);
  const { kind } = resource;
  if (!sent) throw badRequest(`the object provided is unrecognized (must be of type ${kind})`);
  const isOfKind =
    (sent.kind ?? kind) === kind && (sent.apiVersion ?? apiVersionOf(resource)) === apiVersionOf(resource);
  if (!isOfKind)
    throw badRequest(`${sent.kind} in version "${sent.apiVersion?.split('/').pop()}" cannot be handled as a ${kind}`);
  return sent;
}

/** What a client asks to be refused by `fieldValidation=Strict`. @throws StatusError 400 */
export function checkFields(sent: SentObject, { kind, group }: ResourceKind, query: URLSearchParams): void {
  if (query.get('fieldValidation') !== 'Strict') return;
  const unknown = unknownFields(sent, group === '' && kind === 'Event' ? 'CoreV1Event' : `V1${kind}`);
  if (unknown.length === 0) return;
  const list = unknown.map((path) => `unknown field "${path}"`).join(', ');
  throw badRequest(`${kind} in version "v1" cannot be handled as a ${kind}: strict decoding error: ${list}`);
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
