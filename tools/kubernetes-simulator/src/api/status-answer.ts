import type { ResourceKind } from '../objects/resource-kind';
import type { Removal } from './object-remover';

/** The object where it stays or where the kind says so, else a Status of success. */
export function answerDelete(resource: ResourceKind, { object, isGone }: Removal): object {
  if (resource.returnsDeleted || !isGone) return object;
  const { name, uid } = object.metadata;
  const details = { name, ...(resource.group !== '' && { group: resource.group }), kind: resource.plural, uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}
