/** One mistake in a text that somebody wrote. */
export interface Problem {
  /** Where it is, as one would write it in code: `tiers.gold.target`; empty for the text as a whole. */
  readonly path: string;
  /** What is wrong, or what was expected; it reads on after the path. */
  readonly message: string;
}

/** The problem of a field that would have no effect. @param known the fields that there are */
export function unknownField(path: string, known: readonly string[]): Problem {
  return { path, message: `is not a known field: there are ${known.join(', ')}` };
}

/** @returns the problems in one line, for logs and errors */
export function describeProblems(problems: readonly Problem[]): string {
  return problems.map(({ path, message }) => (path === '' ? message : `${path} ${message}`)).join('; ');
}
