import * as models from '@kubernetes/client-node';
import { isFields } from './kubernetes-object';

interface Attribute {
  readonly baseName: string;
  /** `string`, `V1PodSpec`, `Array<V1Container>`, `{ [key: string]: string; }` */
  readonly type: string;
}

/** The fields of an API type by its name; `undefined` for plain values. */
function attributesOf(type: string): readonly Attribute[] | undefined {
  const model: unknown = (models as Readonly<Record<string, unknown>>)[type];
  if (typeof model !== 'function' || !('getAttributeTypeMap' in model)) return undefined;
  return (model as unknown as { getAttributeTypeMap(): readonly Attribute[] }).getAttributeTypeMap();
}

/**
 * The paths of all fields that the type does not have, as the server names them: `spec.containers[0].imag`.
 * @param type `V1Pod`
 */
export function unknownFields(value: unknown, type: string, path = ''): string[] {
  const item = /^Array<(.+)>$/.exec(type)?.[1];
  if (item !== undefined) {
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    return list.flatMap((one, index) => unknownFields(one, item, `${path}[${index}]`));
  }
  const attributes = attributesOf(type);
  if (!attributes || !isFields(value)) return [];
  return Object.entries(value).flatMap(([name, field]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const known = attributes.find((attribute) => attribute.baseName === name);
    return known ? unknownFields(field, known.type, at) : [at];
  });
}
