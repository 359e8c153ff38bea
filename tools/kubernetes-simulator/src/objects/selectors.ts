import { isFields, type KubernetesObject } from './kubernetes-object';
import { badRequest } from './status-error';

export type ObjectFilter = (object: KubernetesObject) => boolean;

type LabelRule = (labels: Readonly<Record<string, string>>) => boolean;

/** Splits at commas outside of parentheses: `a in (b, c),d` is two requirements. */
function requirements(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/**
 * Equality and set based label selectors: `a=b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a`, `!a`.
 * @throws StatusError 400
 */
export function labelFilter(selector: string | null): ObjectFilter {
  const rules = requirements(selector ?? '').map(labelRule);
  return ({ metadata }) => rules.every((rule) => rule(metadata.labels ?? {}));
}

function labelRule(text: string): LabelRule {
  const set = /^([\w./-]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(text);
  if (set?.[1] !== undefined) return setRule(set[1], set[2] === 'in', set[3] ?? '');
  const equality = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/.exec(text);
  if (equality?.[1] !== undefined) return setRule(equality[1], equality[2] !== '!=', equality[3] ?? '');
  const existence = /^(!?)\s*([\w./-]+)$/.exec(text);
  if (existence?.[2] === undefined) throw badRequest(`unable to parse requirement: ${text}`);
  const [, negation, key] = existence;
  return (labels) => Object.hasOwn(labels, key) === (negation === '');
}

function setRule(key: string, wanted: boolean, list: string): LabelRule {
  const values = list.split(',').map((value) => value.trim());
  return (labels) => values.includes(labels[key] ?? MISSING) === wanted;
}

/** No label can have this value. */
const MISSING = '\u0000';

/**
 * Field selectors over fields of any object: `metadata.name=a,status.phase!=Running`.
 * @param supported the fields that the real server indexes for this resource
 * @throws StatusError 400
 */
export function fieldFilter(selector: string | null, supported: readonly string[]): ObjectFilter {
  const rules = requirements(selector ?? '').map((text) => fieldRule(text, supported));
  return (object) => rules.every((rule) => rule(object));
}

function fieldRule(text: string, supported: readonly string[]): ObjectFilter {
  const parts = /^([\w.]+)(==|=|!=)(.*)$/.exec(text);
  if (parts?.[1] === undefined) throw badRequest(`invalid selector: '${text}'; can't understand '${text}'`);
  const [, field, operator, value] = parts;
  if (!supported.includes(field)) throw badRequest(`field label not supported: ${field}`);
  return (object) => (fieldOf(object, field) === value) === (operator !== '!=');
}

function fieldOf(object: KubernetesObject, path: string): string {
  const value = path.split('.').reduce<unknown>((at, name) => (isFields(at) ? at[name] : undefined), object);
  return typeof value === 'string' ? value : '';
}

const COMMON_FIELDS = ['metadata.name', 'metadata.namespace'];

/** What may be selected by, by the plural name of the resource. */
const MORE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  namespaces: ['status.phase'],
  events: ['involvedObject.kind', 'involvedObject.name', 'involvedObject.namespace', 'involvedObject.uid', 'type'],
};

export function selectableFields(plural: string): readonly string[] {
  return [...COMMON_FIELDS, ...(MORE_FIELDS[plural] ?? [])];
}
