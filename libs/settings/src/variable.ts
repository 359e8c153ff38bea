import { makeExactValidator, type OptionalValidatorSpec, type RequiredValidatorSpec } from 'envalid';
import type { Kind } from './kinds';

interface Notes {
  /** What the variable is for, one sentence for the documentation. */
  readonly desc: string;
  readonly example: string;
  /** Its value is never shown, and it may also come from the file that `<NAME>_FILE` names. */
  readonly secret?: boolean;
}

export interface Documentation extends Notes {
  readonly rule: string;
  /** The default as text, read by the same rule as a given value. */
  readonly fallback?: string;
}

/** A variable that always has a value. */
export function withDefault<T>(
  kind: Kind<T>,
  fallback: string,
  notes: Notes,
): RequiredValidatorSpec<T> & Documentation {
  const spec = makeExactValidator<T>((text) => kind.parse(text))();
  return { ...spec, ...notes, rule: kind.rule, fallback };
}

/** A variable that may be absent; it is `undefined` then. */
export function optional<T>(kind: Kind<T>, notes: Notes): OptionalValidatorSpec<T> & Documentation {
  const spec = makeExactValidator<T>((text) => kind.parse(text))({ default: undefined });
  return { ...spec, ...notes, rule: kind.rule };
}
