import { getMetadataStorage } from 'class-validator';
import { ApiError } from '../errors/api-error';
import type { JsonObject } from '../json-body';
import { RULES, type Rule } from './rules';
import { unknownNames } from './unknown-names';

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

interface Field {
  readonly name: string;
  readonly optional: boolean;
  readonly rules: readonly Rule[];
}

export type Validator<T> = (value: JsonObject) => T;

interface ValidatorOptions {
  /** Whether a field that is not declared is refused; else it is ignored. */
  readonly strict?: boolean;
}

/**
 * Compiles the class-validator decorators of a class into one fast check, once, at the start. It accepts and refuses
 * what class-validator's `validateSync` does; the decorators stay the one place where the rules are written.
 *
 * A `message` of a decorator follows the field's name in the answer: `{ message: 'must be a pod name' }`.
 *
 * @returns a function that gives back an instance with the declared fields only. It throws `ApiError` INVALID_FIELD with
 * every field that breaks a rule: `<field> is required` where a required one is missing or empty, else
 * `<field> must be …`, separated by `; `.
 * @throws Error for a class without decorators, and for decorators that it cannot compile
 */
export function compileValidator<T extends object>(Dto: new () => T, options: ValidatorOptions = {}): Validator<T> {
  const fields = fieldsOf(Dto);
  const names = fields.map(({ name }) => name);
  return (value) => {
    const problems: string[] = [];
    const unknown = options.strict ? unknownNames('field', Object.keys(value), names) : undefined;
    if (unknown !== undefined) problems.push(unknown);
    const result = new Dto();
    for (const field of fields) {
      const own = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
      const problem = problemOf(field, own);
      if (problem !== undefined) problems.push(problem);
      if (own !== undefined && own !== null) (result as Record<string, unknown>)[field.name] = own;
    }
    if (problems.length > 0) throw new ApiError('INVALID_FIELD', { text: problems.join('; ') });
    return result;
  };
}

/** The names of the fields that `compileValidator` would check. */
export function fieldNames(Dto: new () => object): readonly string[] {
  return fieldsOf(Dto).map(({ name }) => name);
}

/** @returns the first rule of the field that the value breaks, in words */
function problemOf({ name, optional, rules }: Field, value: unknown): string | undefined {
  const absent = value === undefined || value === null;
  if (absent && optional) return undefined;
  const broken = rules.find((rule) => !rule.accepts(value));
  if (broken === undefined) return undefined;
  return `${name} ${(absent || value === '') && !optional ? 'is required' : broken.text}`;
}

function fieldsOf(Dto: new () => object): readonly Field[] {
  const all = getMetadataStorage().getTargetValidationMetadatas(Dto, '', false, false);
  if (all.length === 0) throw new Error(`${Dto.name} has no class-validator decorators`);
  const names = [...new Set(all.map((metadata) => metadata.propertyName))];
  return names.map((name) => {
    const own = all.filter((metadata) => metadata.propertyName === name);
    return {
      name,
      optional: own.some((metadata) => metadata.name === 'isOptional'),
      rules: own
        .filter((metadata) => metadata.name !== 'isOptional')
        .map((metadata) => compileRule(Dto.name, metadata)),
    };
  });
}

function compileRule(owner: string, metadata: Metadata): Rule {
  const { name, message, groups, constraints, each } = metadata;
  const make = RULES[name ?? ''];
  if (!make || groups?.length > 0 || typeof message === 'function') {
    throw new Error(`${owner}.${metadata.propertyName}: ${name ?? metadata.type} cannot be compiled`);
  }
  const { accepts, text } = make(constraints ?? []);
  return { accepts: each ? acceptsEach(accepts) : accepts, text: message || text };
}

function acceptsEach(accepts: Rule['accepts']): Rule['accepts'] {
  return (value) => Array.isArray(value) && value.every(accepts);
}
