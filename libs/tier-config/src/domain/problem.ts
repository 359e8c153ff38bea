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

/** Collects what a parser has to say, so that all mistakes are reported at once. */
export class ParseReport {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];

  /** @param strict whether what could be left out with a warning is an error */
  constructor(private readonly strict: boolean) {}

  problem(path: string, message: string): void {
    this.problems.push({ path, message });
  }

  warning(path: string, message: string): void {
    this.warnings.push({ path, message });
  }

  /** An error to the one who writes it now; tolerated, with a warning, where it was found in the store. */
  dropped(path: string, message: string): void {
    if (this.strict) this.problem(path, message);
    else this.warning(path, `${message}; ignored`);
  }

  /** @param prefix what stands before the name of a field in its path */
  unknownFields(fields: object, prefix: string, known: readonly string[]): void {
    for (const name of Object.keys(fields)) {
      if (known.includes(name)) continue;
      const { path, message } = unknownField(prefix + name, known);
      this.dropped(path, message);
    }
  }
}
