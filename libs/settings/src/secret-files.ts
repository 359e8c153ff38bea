import { readFileSync } from 'node:fs';
import { SCHEMA, type VariableName } from './schema';

/** Names of the variables whose value may come from a file. */
export const FILE_VARIABLES = (Object.keys(SCHEMA) as VariableName[]).filter((name) => SCHEMA[name].secret === true);

export interface FileValues {
  readonly values: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

/**
 * Reads the files that `<NAME>_FILE` variables name, as container platforms mount secrets.
 * A line end at the end of the file is no part of the value.
 */
export function readSecretFiles(env: Readonly<Record<string, string | undefined>>): FileValues {
  const values: Record<string, string> = {};
  const problems: string[] = [];
  for (const name of FILE_VARIABLES) {
    const path = env[`${name}_FILE`];
    if (!path) continue;
    if (env[name]) {
      problems.push(`${name} and ${name}_FILE exclude each other: set one of them`);
      continue;
    }
    try {
      values[name] = readFileSync(path, 'utf8').trimEnd();
    } catch (error) {
      problems.push(
        `${name}_FILE must name a readable file, but ${path} is not (${(error as NodeJS.ErrnoException).code})`,
      );
    }
  }
  return { values, problems };
}
