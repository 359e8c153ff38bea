/** For the one line that says why a start failed: without its cause it would not help. */
const because = (cause: unknown): string => (cause instanceof Error ? `: ${cause.message}` : '');

/** The time for the whole start ran out. */
export class StartDeadlineError extends Error {
  readonly code = 'START_DEADLINE';

  /** @param cause why the last attempt failed, `null` where none did */
  constructor(component: string, cause: unknown) {
    super(`the time for the whole start ran out before ${component} had started${because(cause)}`, { cause });
  }
}

/** No attempt is made, as too many failed. */
export class CircuitOpenError extends Error {
  readonly code = 'CIRCUIT_OPEN';

  /** @param cause why the last attempt failed, `null` where none was made */
  constructor(component: string, cause: unknown) {
    super(`${component} failed too often, no further attempt for now${because(cause)}`, { cause });
  }
}

/** A component cannot start, as one that it depends on has not. */
export class DependencyNotStartedError extends Error {
  readonly code = 'DEPENDENCY_NOT_STARTED';

  constructor(component: string, dependencies: readonly string[]) {
    super(`${component} cannot start without ${dependencies.join(', ')}`);
  }
}

/** No component has this name. */
export class UnknownComponentError extends Error {
  readonly code = 'UNKNOWN_COMPONENT';

  constructor(
    readonly component: string,
    known: readonly string[],
  ) {
    super(`no component is called ${component}: known here: ${known.join(', ')}`);
  }
}

/** Components are registered before the start and reinitialized after it; a start is made once. */
export class StartOrderError extends Error {
  readonly code = 'START_ORDER';

  constructor(hasBegun: boolean) {
    super(hasBegun ? 'the start has begun already' : 'the start has not begun yet');
  }
}

/** The process stops: nothing is started any more. */
export class StoppingError extends Error {
  readonly code = 'STOPPING';

  constructor() {
    super('the process stops');
  }
}
