/** How `srctl` ends. Scripts rely on them. */
export const EXIT = {
  ok: 0,
  /** What was asked for did not come true, or `srctl` itself failed. */
  failed: 1,
  /** The command line is wrong, or the file with the contexts is. */
  usage: 2,
  /** The server has refused, or the context is read-only. */
  refused: 3,
  /** No Smart Router answers. */
  unreachable: 4,
  /** `doctor` has found something. */
  findings: 5,
  /** Ended by Ctrl-C, as a shell counts it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command with an exit code and a text for stderr. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';

  /**
   * @param message empty: nothing is left to say
   * @param hint what to do about it
   */
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** @returns the failure of a command line that cannot be carried out */
export function usageFailure(message: string, hint?: string): CommandFailure {
  return new CommandFailure(EXIT.usage, message, hint);
}
