import {
  arrayMaxSize,
  isArray,
  isBoolean,
  isIn,
  isInt,
  isNotEmpty,
  isNumber,
  isString,
  length,
  matches,
  max,
  maxLength,
  min,
  minLength,
} from 'class-validator';

export interface Rule {
  readonly accepts: (value: unknown) => boolean;
  /** What the value must be, for the answer: "must be …". */
  readonly text: string;
}

type Constraints = readonly unknown[];
type RuleMaker = (constraints: Constraints) => Rule;

function numberAt(constraints: Constraints, index: number): number {
  return Number(constraints[index]);
}

/**
 * The rules that can be compiled, by their class-validator names. Each calls class-validator's own function, so that
 * it accepts exactly what the decorator accepts.
 */
export const RULES: Readonly<Record<string, RuleMaker>> = {
  isString: () => ({ accepts: isString, text: 'must be a string' }),
  isBoolean: () => ({ accepts: isBoolean, text: 'must be true or false' }),
  isInt: () => ({ accepts: isInt, text: 'must be a whole number' }),
  isNumber: () => ({ accepts: (value) => isNumber(value), text: 'must be a number' }),
  isArray: () => ({ accepts: (value) => isArray(value), text: 'must be a list' }),
  isNotEmpty: () => ({ accepts: isNotEmpty, text: 'must not be empty' }),
  isIn: ([choices]) => ({
    accepts: (value) => isIn(value, choices as unknown[]),
    text: `must be ${(choices as unknown[]).join(' or ')}`,
  }),
  min: (constraints) => ({
    accepts: (value) => min(value, numberAt(constraints, 0)),
    text: `must be at least ${numberAt(constraints, 0)}`,
  }),
  max: (constraints) => ({
    accepts: (value) => max(value, numberAt(constraints, 0)),
    text: `must be at most ${numberAt(constraints, 0)}`,
  }),
  minLength: (constraints) => ({
    accepts: (value) => minLength(value, numberAt(constraints, 0)),
    text: `must be at least ${numberAt(constraints, 0)} characters long`,
  }),
  maxLength: (constraints) => ({
    accepts: (value) => maxLength(value, numberAt(constraints, 0)),
    text: `must be at most ${numberAt(constraints, 0)} characters long`,
  }),
  isLength: (constraints) => ({
    accepts: (value) => length(value, numberAt(constraints, 0), numberAt(constraints, 1)),
    text: `must be ${numberAt(constraints, 0)} to ${numberAt(constraints, 1)} characters long`,
  }),
  matches: ([pattern]) => ({
    accepts: (value) => matches(value as string, pattern as RegExp),
    text: `must match ${String(pattern)}`,
  }),
  arrayMaxSize: (constraints) => ({
    accepts: (value) => arrayMaxSize(value, numberAt(constraints, 0)),
    text: `must have at most ${numberAt(constraints, 0)} entries`,
  }),
};
