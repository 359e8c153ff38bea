import { isPodName } from '@smart-router/routing-store';

/** Names of static pods that cannot be used, all of them. */
export class InvalidStaticPodsError extends Error {
  readonly code = 'INVALID_STATIC_PODS';

  constructor(
    readonly invalid: readonly string[],
    readonly duplicates: readonly string[],
  ) {
    const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ');
    const problems = [
      ...(invalid.length > 0 ? [`not names of pods: ${quoted(invalid)}`] : []),
      ...(duplicates.length > 0 ? [`named twice: ${quoted(duplicates)}`] : []),
    ];
    super(`invalid static pods: ${problems.join('; ')}`);
  }
}

interface CheckedNames {
  /** Each once, in the order given. */
  readonly valid: readonly string[];
  readonly invalid: readonly string[];
  readonly duplicates: readonly string[];
}

export function checkNames(names: readonly string[]): CheckedNames {
  const valid = new Set<string>();
  const invalid: string[] = [];
  const duplicates = new Set<string>();
  for (const name of names) {
    if (!isPodName(name)) invalid.push(name);
    else if (valid.has(name)) duplicates.add(name);
    else valid.add(name);
  }
  return { valid: [...valid], invalid, duplicates: [...duplicates] };
}

/** One name a line; blank lines do not count, and neither does what follows a `#`. */
export function namesInText(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((name) => name !== '');
}
