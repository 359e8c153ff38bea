import { readFileSync } from 'node:fs';
import { SCHEMA, type VariableName } from './schema';

type Texts = Readonly<Record<string, string | undefined>>;

/** Names of the variables whose value may come from a file. */
export const FILE_VARIABLES = (Object.keys(SCHEMA) as VariableName[]).filter((name) => SCHEMA[name].secret === true);

export interface SecretFile {
  readonly name: VariableName;
  readonly path: string;
}

interface FileValues {
  readonly values: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

/** The files that `<NAME>_FILE` variables name, as container platforms mount secrets. */
export function secretFiles(env: Texts): readonly SecretFile[] {
  return FILE_VARIABLES.flatMap((name) => {
    const path = env[`${name}_FILE`];
    return path ? [{ name, path }] : [];
  });
}

/** The value in the text of a file: white space at the end of the file is no part of it. */
export function secretIn(text: string): string {
  return text.trimEnd();
}

/** Reads the files of {@link secretFiles}. An empty file is a mistake: it is not how a secret is left out. */
export function readSecretFiles(env: Texts): FileValues {
  const values: Record<string, string> = {};
  const problems: string[] = [];
  for (const { name, path } of secretFiles(env)) {
    if (env[name]) {
      problems.push(`${name} and ${name}_FILE exclude each other: set one of them`);
      continue;
    }
    try {
      const value = secretIn(readFileSync(path, 'utf8'));
      if (value === '') problems.push(`${name}_FILE must name a file that holds a value, but ${path} is empty`);
      else values[name] = value;
    } catch (error) {
      problems.push(
        `${name}_FILE must name a readable file, but ${path} is not (${(error as NodeJS.ErrnoException).code})`,
      );
    }
  }
  return { values, problems };
}
