import type { ManagedComponent } from './managed-component';

/** A component cannot start, as one that it depends on has not. */
export class DependencyNotStartedError extends Error {
  readonly code = 'DEPENDENCY_NOT_STARTED';

  constructor(component: string, dependencies: readonly string[]) {
    super(`${component} cannot start without ${dependencies.join(', ')}`);
  }
}

/** @returns the names of those among `all` that the component depends on and that do not work now */
export function missingDependencies<Context>(
  { dependencies }: ManagedComponent<Context>,
  all: readonly ManagedComponent<Context>[],
): readonly string[] {
  return all
    .filter(({ name, current }) => dependencies.includes(name) && current !== 'SUCCESS')
    .map(({ name }) => name);
}
