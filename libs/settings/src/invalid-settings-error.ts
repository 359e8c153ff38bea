/** The environment breaks the rules of the settings; `problems` names every mistake, one sentence each. */
export class InvalidSettingsError extends Error {
  readonly code = 'INVALID_SETTINGS';

  constructor(readonly problems: readonly string[]) {
    super(`the configuration has ${problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`}`);
  }

  /** The message and below it one line per mistake, for people. */
  get report(): string {
    return [`${this.message}:`, ...this.problems.map((problem) => `  - ${problem}`)].join('\n');
  }
}
