import type { KubernetesObject } from './kubernetes-object';
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
